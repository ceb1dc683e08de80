package infopass.gateway.intake;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the inits being worked on in this process, up to a limit. Thread-safe. */
public final class InFlight {
  private volatile int limit;
  private final AtomicInteger count = new AtomicInteger();

  public InFlight(int limit) {
    this.limit = limit;
  }

  /** Takes a place; false where all are taken. */
  public boolean tryEnter() {
    // Never beyond the limit, not even for a moment: that would turn others away.
    int places = limit;
    return count.getAndUpdate(taken -> taken < places ? taken + 1 : taken) < places;
  }

  /** Gives the place back. */
  public void leave() {
    count.decrementAndGet();
  }

  /** Changes the limit; those being worked on beyond it are left to end. */
  public void limit(int places) {
    limit = places;
  }

  /** How many may be worked on. */
  public int limit() {
    return limit;
  }

  /** How many are being worked on now. */
  public int count() {
    return count.get();
  }
}
