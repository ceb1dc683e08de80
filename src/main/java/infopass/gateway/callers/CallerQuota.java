package infopass.gateway.callers;

import infopass.gateway.resilience.SlidingWindowLimit;
import java.util.function.LongSupplier;

/**
 * What one caller may still ask for: never more than the quota in any span of its period.
 * Thread-safe.
 */
public final class CallerQuota {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final CallerConfig.Quota quota;

  /** Shared with the quota of before a reload; what is done with it is done under its lock. */
  private final SlidingWindowLimit window;

  public CallerQuota(CallerConfig.Quota quota, LongSupplier nanoTime) {
    this.quota = quota;
    this.window = new SlidingWindowLimit(quota.requests(), quota.per(), nanoTime);
  }

  /** Other numbers in place of those of before, with what was taken out of them. */
  CallerQuota(CallerConfig.Quota quota, CallerQuota before) {
    this.quota = quota;
    this.window = before.window;
    synchronized (window) {
      window.resize(quota.requests(), quota.per());
    }
  }

  /**
   * How the quota stands.
   *
   * @param limit requests in a period
   * @param perSeconds the period
   * @param remaining requests that are left now
   * @param resetSeconds until there are more, rounded up
   */
  public record Standing(int limit, long perSeconds, int remaining, long resetSeconds) {

    /** The RateLimit-Policy field of the IETF httpapi draft. */
    public String policyField() {
      return "\"caller\";q=" + limit + ";w=" + perSeconds;
    }

    /** The RateLimit field of the IETF httpapi draft. */
    public String field() {
      return "\"caller\";r=" + remaining + ";t=" + resetSeconds;
    }
  }

  /** Takes one request out of the quota; false, and nothing is taken, where none is left. */
  public boolean tryTake() {
    synchronized (window) {
      return window.tryAcquire();
    }
  }

  /**
   * Lets this process give out its share only, at least one request.
   *
   * @param nodes how many processes there are
   * @param index which of them this is, from 0
   */
  void divide(int nodes, int index) {
    int share = quota.requests() / nodes + (index < quota.requests() % nodes ? 1 : 0);
    synchronized (window) {
      if (window.limit() != Math.max(1, share)) {
        window.resize(Math.max(1, share), quota.per());
      }
    }
  }

  /** Whether it is of these numbers: then it goes on, with what was taken out of it. */
  boolean isOf(CallerConfig.Quota numbers) {
    return quota.equals(numbers);
  }

  /** How the quota stands at this moment. */
  public Standing standing() {
    synchronized (window) {
      int remaining = Math.max(0, window.limit() - window.used());
      long reset = window.used() == 0 ? 0 : window.nanosUntilFree(remaining + 1);
      return new Standing(
          quota.requests(),
          window.per().toSeconds(),
          remaining,
          (reset + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND);
    }
  }
}
