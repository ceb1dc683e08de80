package infopass.gateway.infopass;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts what was asked of the partner since the start. Thread-safe. */
public final class CallCounters {
  private final LongAdder partnerCalls = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder possibleDuplicates = new LongAdder();
  private final LongAdder abandoned = new LongAdder();
  private final LongAdder[] findings =
      Stream.generate(LongAdder::new).limit(TokenFinding.values().length).toArray(LongAdder[]::new);

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

  void found(TokenFinding finding) {
    findings[finding.ordinal()].increment();
  }

  /** Answers with this finding. */
  public long findings(TokenFinding finding) {
    return findings[finding.ordinal()].sum();
  }

  public Snapshot snapshot() {
    return new Snapshot(
        partnerCalls.sum(), retries.sum(), possibleDuplicates.sum(), abandoned.sum());
  }
}
