package infopass.gateway.resilience;

import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Keeps retries a small share of the traffic, so that an outage is not multiplied by those who
 * retry through it.
 *
 * <p>Every first attempt earns {@code ratio} of a retry, up to {@value #MOST_EARNED} saved retries.
 * Beside that stands a reserve for quiet hours: it starts full, refills with {@code minPerSecond}
 * and holds at most ten seconds of that. A retry is paid with what was earned before the reserve is
 * touched, and may be paid from both.
 *
 * <p>Thread-safe, and meant to be shared by all event loops: each call holds a lock for a handful
 * of additions. Amounts are kept as whole billionths, so ten deposits of 0.1 are exactly one retry.
 */
public final class RetryBudget {
  private static final int MOST_EARNED = 100;
  private static final int MOST_PER_SECOND = 1_000_000;
  private static final long ONE = 1_000_000_000L;
  private static final long RESERVE_NANOS = 10_000_000_000L;

  private final long deposit;
  private final int minPerSecond;
  private final LongSupplier nanoTime;
  private long earned;
  private long reserve;
  private long refilledAt;

  /**
   * @param ratio retries earned by one first attempt, 0 to 100; 0.1 allows ten percent more calls
   * @param minPerSecond retries per second that are always allowed, 0 to 1,000,000
   * @param nanoTime a monotonic clock like {@link System#nanoTime()}, in nanoseconds
   * @throws IllegalArgumentException if a number is out of its range
   */
  public RetryBudget(double ratio, int minPerSecond, LongSupplier nanoTime) {
    if (!(ratio >= 0 && ratio <= MOST_EARNED)) {
      throw new IllegalArgumentException("ratio must be 0 to " + MOST_EARNED + ", was " + ratio);
    }
    if (minPerSecond < 0 || minPerSecond > MOST_PER_SECOND) {
      throw new IllegalArgumentException(
          "minPerSecond must be 0 to " + MOST_PER_SECOND + ", was " + minPerSecond);
    }
    this.deposit = Math.round(ratio * ONE);
    this.minPerSecond = minPerSecond;
    this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
    this.reserve = fullReserve();
    this.refilledAt = nanoTime.getAsLong();
  }

  /** Earns for one first attempt; call it once per request, not per retry. */
  public synchronized void deposit() {
    earned = Math.min(earned + deposit, MOST_EARNED * ONE);
  }

  /** Pays for one retry; false, and nothing is taken, when less than one whole retry is left. */
  public synchronized boolean tryWithdraw() {
    refill();
    if (earned + reserve < ONE) {
      return false;
    }
    long fromEarned = Math.min(earned, ONE);
    earned -= fromEarned;
    reserve -= ONE - fromEarned;
    return true;
  }

  /** Returns what one retry was paid with that was not made after all. */
  public synchronized void giveBack() {
    earned = Math.min(earned + ONE, MOST_EARNED * ONE);
  }

  /** Retries left at this moment, earned and reserve together; may be a fraction. */
  public synchronized double balance() {
    refill();
    return (double) (earned + reserve) / ONE;
  }

  private void refill() {
    long now = nanoTime.getAsLong();
    // A difference, since a monotonic clock may wrap around; a nanosecond refills minPerSecond
    // billionths.
    long elapsed = Math.min(now - refilledAt, RESERVE_NANOS);
    if (elapsed > 0) {
      reserve = Math.min(reserve + elapsed * minPerSecond, fullReserve());
      refilledAt = now;
    }
  }

  private long fullReserve() {
    return RESERVE_NANOS * minPerSecond;
  }
}
