package infopass.gateway.cluster;

import java.util.concurrent.atomic.LongAdder;

/** How the shared memory answers. Thread-safe. */
public final class StoreMeter {
  /** How an operation ended. */
  public enum Outcome {
    /** In time. */
    ANSWERED,
    /** Not within its time. */
    LATE,
    /** The cluster could not do it, as half of one that has been cut. */
    FAILED
  }

  private final LongAdder[] counts = {new LongAdder(), new LongAdder(), new LongAdder()};
  private final LongAdder nanos = new LongAdder();

  void ended(Outcome outcome, long tookNanos) {
    counts[outcome.ordinal()].increment();
    nanos.add(tookNanos);
  }

  public long count(Outcome outcome) {
    return counts[outcome.ordinal()].sum();
  }

  /** Time that operations took, all together. */
  public double seconds() {
    return nanos.sum() / 1e9;
  }
}
