package infopass.gateway.resilience;

/**
 * How a limit that is believed is spent: at once while nobody has to wait, evenly while there is
 * contention; and raised now and then. Not thread-safe; times are readings of a monotonic clock in
 * nanoseconds.
 */
final class BelievedLimit {
  private final RisingLimit rising;
  private final EvenPace pace;

  /**
   * @param ceiling never to go beyond, at least {@code limit}
   */
  BelievedLimit(int limit, int ceiling, long windowNanos, long now) {
    this.rising = new RisingLimit(limit, ceiling, windowNanos);
    this.pace = new EvenPace(now);
  }

  RisingLimit rising() {
    return rising;
  }

  /**
   * Sends a call if that is allowed now.
   *
   * @param used calls that count now
   * @param spacing nanoseconds between calls that are sent evenly
   */
  boolean trySend(int used, long spacing, long now) {
    if (used >= rising.limit() || rising.contended(now) && pace.remaining(now) > 0) {
      return false;
    }
    pace.sent(now, spacing);
    return true;
  }

  /** Nanoseconds until the k-th further call is sent, if none comes between. */
  long nanosUntilGrant(int k, SlidingWindowLimit window, long held, long spacing, long now) {
    return rising.contended(now)
        ? window.nanosUntilFree(k, now, Math.max(held, pace.remaining(now)), spacing)
        : window.nanosUntilFree(k, now, held, 0);
  }
}
