package infopass.gateway.infopass;

import java.util.concurrent.atomic.LongAdder;

/** Counts what was asked of the partner since the start. Thread-safe. */
public final class CallCounters {
  private final LongAdder partnerCalls = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder possibleDuplicates = new LongAdder();
  private final LongAdder abandoned = new LongAdder();

  /**
   * @param partnerCalls requests written to the partner
   * @param retries attempts after the first
   * @param possibleDuplicates retries of a request that the partner may have processed
   * @param abandoned written requests whose caller left before the answer
   */
  public record Snapshot(
      long partnerCalls, long retries, long possibleDuplicates, long abandoned) {}

  void partnerCalled() {
    partnerCalls.increment();
  }

  void retried(boolean mayDuplicate) {
    retries.increment();
    if (mayDuplicate) {
      possibleDuplicates.increment();
    }
  }

  void callerAbandoned() {
    abandoned.increment();
  }

  public Snapshot snapshot() {
    return new Snapshot(
        partnerCalls.sum(), retries.sum(), possibleDuplicates.sum(), abandoned.sum());
  }
}
