package infopass.gateway.infopass;

import java.util.concurrent.atomic.LongAdder;

/** How the places for calls at the partner are used, all client instances together. Thread-safe. */
public final class PoolUse {
  private final LongAdder inUse = new LongAdder();
  private final LongAdder waiting = new LongAdder();

  void taken() {
    inUse.increment();
  }

  void givenBack() {
    inUse.decrement();
  }

  void waits() {
    waiting.increment();
  }

  void waitsNoMore() {
    waiting.decrement();
  }

  /** Calls that have a place now. */
  public long inUse() {
    return inUse.sum();
  }

  /** Calls that wait for one now. */
  public long waiting() {
    return waiting.sum();
  }
}
