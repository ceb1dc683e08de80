package infopass.gateway.resilience;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Spreads the times at which those who are refused together come back. Stateless. */
public final class RetryAfters {
  private static final long LEAST_SPREAD_SECONDS = 3;

  private RetryAfters() {}

  /**
   * The time itself or later: by up to half of it, and by up to two seconds where that is more.
   *
   * @param least when there is sense in coming back
   */
  public static Duration spread(Duration least, RandomGenerator random) {
    long bound = Math.max(LEAST_SPREAD_SECONDS, least.toSeconds() / 2 + 1);
    return least.plusSeconds(random.nextLong(bound));
  }
}
