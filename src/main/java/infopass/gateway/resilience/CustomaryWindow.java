package infopass.gateway.resilience;

import java.time.Duration;
import java.util.stream.LongStream;

/**
 * Corrects a quota's window that was measured from the first call to the end of a Retry-After. The
 * measure is too long by the journeys and by the rounding of Retry-After to whole seconds; and the
 * windows that partners use are round.
 */
final class CustomaryWindow {
  private static final long TOO_LONG_BY = Duration.ofMillis(1_300).toNanos();
  private static final long MOST_MARGIN = Duration.ofMillis(250).toNanos();
  private static final long[] SECONDS = {
    1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600
  };

  private CustomaryWindow() {}

  /** The customary window that was measured so, or the measure where there is none. */
  static long of(long measuredNanos) {
    return LongStream.of(SECONDS)
        .map(seconds -> Duration.ofSeconds(seconds).toNanos())
        .filter(window -> window <= measuredNanos && measuredNanos - window <= TOO_LONG_BY)
        .max()
        .orElse(measuredNanos);
  }

  /**
   * How much longer than the window a call is to count, since the partner counts it when it arrives
   * and no two calls travel equally long.
   */
  static long margin(long windowNanos) {
    return Math.min(windowNanos / 20, MOST_MARGIN);
  }
}
