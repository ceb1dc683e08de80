package infopass.gateway.resilience;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Says how long to wait before a retry: exponential backoff with full jitter, which spreads callers
 * that failed together over the whole interval instead of bringing them back together.
 *
 * <p>The wait before retry <i>n</i> is uniform in {@code [0, min(max, initial * 2^(n-1))]}, both
 * ends included, to the nanosecond. Bounds beyond what a {@code long} of nanoseconds holds (292
 * years) count as that.
 *
 * <p>As thread-safe as the generator it was given, and otherwise immutable: share an instance
 * between threads only if {@code random} may be shared, or make one per event loop.
 */
public final class Backoff {
  private static final long LONGEST_NANOS = Long.MAX_VALUE - 1;

  private final long initialNanos;
  private final long maxNanos;
  private final RandomGenerator random;

  /**
   * @param initial upper bound of the wait before the first retry, not negative
   * @param max upper bound of every wait, not negative
   * @param random the source of chance; its thread-safety is this object's
   * @throws IllegalArgumentException if a duration is negative
   */
  public Backoff(Duration initial, Duration max, RandomGenerator random) {
    this.initialNanos = nanos(initial, "initial");
    this.maxNanos = nanos(max, "max");
    this.random = Objects.requireNonNull(random, "random");
  }

  /**
   * Draws the wait before a retry; {@link Duration#ZERO} is a possible answer.
   *
   * @param retry which retry this is, counted from 1
   * @throws IllegalArgumentException if {@code retry} is below 1
   */
  public Duration delay(int retry) {
    if (retry < 1) {
      throw new IllegalArgumentException("retry must be >= 1, was " + retry);
    }
    return Duration.ofNanos(random.nextLong(boundNanos(retry - 1) + 1));
  }

  private long boundNanos(int doublings) {
    // Compared by shifting the maximum down, since shifting the initial value up may overflow.
    boolean reachesMax = doublings >= Long.SIZE - 1 || initialNanos > maxNanos >> doublings;
    return reachesMax && initialNanos > 0 ? maxNanos : initialNanos << doublings;
  }

  private static long nanos(Duration duration, String name) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, was " + duration);
    }
    Duration longest = Duration.ofNanos(LONGEST_NANOS);
    return duration.compareTo(longest) < 0 ? duration.toNanos() : LONGEST_NANOS;
  }
}
