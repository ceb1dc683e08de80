package infopass.gateway.resilience;

import java.time.Duration;

/** Spreads calls evenly; one that is late may make up for it. Not thread-safe. */
final class EvenPace {
  /** Timers are late by about a millisecond, which must not slow a fast pace down. */
  private static final long CATCH_UP = Duration.ofMillis(5).toNanos();

  private long next;

  EvenPace(long now) {
    this.next = now;
  }

  /** Nanoseconds until the next call is due; 0 if one is. */
  long remaining(long now) {
    return Math.max(0, next - now);
  }

  /** A call was sent, due or not. */
  void sent(long now, long spacing) {
    long late = Math.min(Math.max(0, now - next), Math.max(spacing, CATCH_UP));
    next = now - late + spacing;
  }
}
