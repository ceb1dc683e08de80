package infopass.gateway.resilience;

import java.time.Duration;

/**
 * A limit that is believed, and still tried from time to time whether it has become higher: raised
 * by one after five windows in which it was wanted and nothing was refused, then after each further
 * such window by twice as much as before. The windows need not follow each other: who wants it only
 * now and then is slowed too. A refusal takes the last raise back and doubles the time until the
 * next trial, up to an hour.
 *
 * <p>It knows too whether there is contention: whether somebody had to wait within about the last
 * window. A call blocks its place for a little longer than the window, so one that waits for it
 * shows up again after more than a window only.
 *
 * <p>Not thread-safe; times are readings of a monotonic clock in nanoseconds.
 */
final class RisingLimit {
  private static final int QUIET_WINDOWS = 5;
  private static final long LONGEST = Duration.ofHours(1).toNanos();

  private final int ceiling;
  private final long windowNanos;
  private final long lookBackNanos;
  private int proven;
  private int limit;
  private long pause;
  private long wantedNanos;
  private long contendedAt;
  private boolean contended;

  /**
   * @param limit what is believed now, at least 1
   * @param ceiling never to go beyond, at least {@code limit}
   */
  RisingLimit(int limit, int ceiling, long windowNanos) {
    this.limit = limit;
    this.proven = limit;
    this.ceiling = ceiling;
    this.windowNanos = windowNanos;
    this.lookBackNanos = windowNanos + windowNanos / 4;
    this.pause = Math.min(LONGEST, QUIET_WINDOWS * windowNanos);
  }

  int limit() {
    return limit;
  }

  boolean contended(long now) {
    return contended && now - contendedAt <= lookBackNanos;
  }

  /** Somebody has to wait, or was refused; true if that raised the limit. */
  boolean contend(long now) {
    if (contended(now)) {
      wantedNanos += now - contendedAt;
    }
    contended = true;
    contendedAt = now;
    boolean trying = limit > proven;
    if (limit >= ceiling || wantedNanos < (trying ? windowNanos : pause)) {
      return false;
    }
    int step = trying ? 2 * (limit - proven) : 1;
    proven = limit;
    limit = (int) Math.min(ceiling, (long) limit + step);
    wantedNanos = 0;
    return true;
  }

  /** A call was refused although the limit was kept; true if that was the last raise. */
  boolean takeBack() {
    wantedNanos = 0;
    if (limit == proven) {
      return false;
    }
    limit = proven;
    pause = Math.min(LONGEST, 2 * pause);
    return true;
  }

  /** Lowers what is believed; never raises it. */
  void lower(int to) {
    limit = Math.max(1, Math.min(limit, to));
    proven = Math.min(proven, limit);
  }
}
