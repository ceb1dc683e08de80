package infopass.gateway.infopass;

import infopass.gateway.digilocker.Upstream;
import infopass.gateway.resilience.MinuteCount;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Counts what was asked of the partner since the start. Thread-safe. */
public final class CallCounters {
  private static final int TOO_MANY_REQUESTS = 429;

  private final LongAdder partnerCalls = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder possibleDuplicates = new LongAdder();
  private final LongAdder abandoned = new LongAdder();
  private final LongAdder quotaExceeded = new LongAdder();
  private final LongAdder unavailable = new LongAdder();
  private final MinuteCount unavailableOfLate;
  private final LongAdder[] unreachable =
      Stream.generate(LongAdder::new)
          .limit(UnreachableCause.values().length)
          .toArray(LongAdder[]::new);
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

  public CallCounters() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime a monotonic clock like {@link System#nanoTime()}
   */
  public CallCounters(LongSupplier nanoTime) {
    unavailableOfLate = new MinuteCount(nanoTime);
  }

  void partnerCalled() {
    partnerCalls.increment();
  }

  void retried(boolean mayDuplicate) {
    retries.increment();
    if (mayDuplicate) {
      possibleDuplicates.increment();
    }
  }

  /**
   * Counts an init that was answered upstream-busy.
   *
   * @param said what the partner said; null where the quota left no room
   */
  void busy(Upstream said) {
    int status = said == null ? TOO_MANY_REQUESTS : said.status();
    (status == TOO_MANY_REQUESTS ? quotaExceeded : unavailable).increment();
    if (status != TOO_MANY_REQUESTS) {
      unavailableOfLate.increment();
    }
  }

  /** Inits answered upstream-busy for the quota, by the partner or in advance. */
  public long quotaExceeded() {
    return quotaExceeded.sum();
  }

  /** Inits answered upstream-busy since the partner took none. */
  public long unavailable() {
    return unavailable.sum();
  }

  /** As {@link #unavailable}, of the last minute. */
  public long unavailableInTheLastMinute() {
    return unavailableOfLate.sum();
  }

  void notReached(UnreachableCause cause) {
    unreachable[cause.ordinal()].increment();
  }

  /** Attempts for which no connection could be made for this reason. */
  public long unreachable(UnreachableCause cause) {
    return unreachable[cause.ordinal()].sum();
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
