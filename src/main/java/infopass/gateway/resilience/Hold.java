package infopass.gateway.resilience;

import java.time.Duration;

/**
 * The time during which nothing is sent because the partner said so; at most an hour. Not
 * thread-safe; times are readings of a monotonic clock in nanoseconds.
 */
final class Hold {
  private static final long SHORTEST = 1_000_000_000L;
  private static final long LONGEST = Duration.ofHours(1).toNanos();

  private final long longestGuess;
  private long until;
  private boolean holding;
  private long guess;
  private long guessedAt;

  /**
   * @param longestGuess most nanoseconds to hold when the partner does not say how long
   */
  Hold(long longestGuess) {
    this.longestGuess = Math.max(SHORTEST, Math.min(longestGuess, LONGEST));
  }

  /** For how many nanoseconds to hold when the partner says this; 0 if it says nothing. */
  static long nanos(Duration adviceOrNull) {
    if (adviceOrNull == null || adviceOrNull.isNegative()) {
      return 0;
    }
    return adviceOrNull.compareTo(Duration.ofNanos(LONGEST)) > 0 ? LONGEST : adviceOrNull.toNanos();
  }

  /** Nanoseconds until calls may be sent again; 0 if they may be now. */
  long remaining(long now) {
    if (!holding) {
      return 0;
    }
    long remaining = until - now;
    holding = remaining > 0;
    return Math.max(0, remaining);
  }

  /** The end of the last hold. */
  long until() {
    return until;
  }

  /** Holds for as long as the partner said. */
  void advised(long now, long nanos) {
    extend(now, nanos);
  }

  /** Holds for a second, and each time that this follows soon for twice as long as before. */
  void guessed(long now) {
    boolean again = guess > 0 && now - guessedAt <= 2 * longestGuess;
    guess = again ? Math.min(2 * guess, longestGuess) : SHORTEST;
    guessedAt = now;
    extend(now, guess);
  }

  private void extend(long now, long nanos) {
    if (nanos > remaining(now)) {
      until = now + nanos;
      holding = true;
    }
  }
}
