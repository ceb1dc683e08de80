package infopass.gateway.sandbox;

import java.util.function.LongSupplier;

/**
 * An exact sliding window: no span of the quota's length ever holds more accepted requests than the
 * quota allows. Refused requests use up nothing. Thread-safe.
 */
final class QuotaWindow {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final LongSupplier nanoTime;
  private final long windowNanos;

  /** When the latest requests were accepted; {@code oldest} is the next to be overwritten. */
  private final long[] acceptedAt;

  private int oldest;
  private int size;

  QuotaWindow(SandboxOptions.Quota quota, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.windowNanos = quota.per().toNanos();
    this.acceptedAt = new long[quota.requests()];
  }

  /**
   * Accepts one request, or tells how long to wait.
   *
   * @return 0 if accepted, else the whole seconds after which the window has room, at least 1
   */
  synchronized long secondsToWait() {
    long now = nanoTime.getAsLong();
    if (size == acceptedAt.length) {
      long nanosLeft = windowNanos - (now - acceptedAt[oldest]);
      if (nanosLeft > 0) {
        return (nanosLeft + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
      }
      acceptedAt[oldest] = now;
      oldest = (oldest + 1) % acceptedAt.length;
    } else {
      acceptedAt[size++] = now;
    }
    return 0;
  }
}
