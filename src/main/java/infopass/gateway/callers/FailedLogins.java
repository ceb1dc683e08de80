package infopass.gateway.callers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Slows down those who fail again and again, by source and caller: after five failures each answer
 * takes twice as long as the one before, up to 4 s. At most eight answers are held back at once;
 * what fails beyond that costs its connection instead. Right credentials are never slowed, since
 * many callers may share one source. Forgotten after ten minutes without a failure, and bounded to
 * 10,000 sources. Thread-safe.
 */
final class FailedLogins {
  private static final int FREE = 5;
  private static final int MOST_WAITING = 8;
  private static final Duration FIRST_DELAY = Duration.ofMillis(250);
  private static final int DOUBLINGS = 4;
  private static final int MOST_SOURCES = 10_000;
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

  private static final int CLAIMS = 256;

  /** An odd number without pattern, by which multiplying mixes the bits. */
  private static final int SPREADING = 0x9E3779B1;

  private final Cache<Source, State> sources;

  /**
   * Who fails.
   *
   * @param address where the request came from
   * @param claim one of {@value #CLAIMS} that ids are shared out to, configured or not: an answer's
   *     time does not show which they are, and made-up ones are slowed, too
   */
  record Source(String address, int claim) {}

  /** Who fails, by the id that it claims, whether there is such a caller or not. */
  static Source source(String address, String userId) {
    return new Source(address, Math.floorMod(userId.hashCode() * SPREADING >>> 8, CLAIMS));
  }

  private static final class State {
    private int failures;
    private int waiting;
  }

  FailedLogins(LongSupplier nanoTime) {
    this.sources =
        Caffeine.newBuilder()
            .maximumSize(MOST_SOURCES)
            .expireAfterWrite(FORGOTTEN_AFTER)
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /**
   * Counts a failure. A delay that is not zero must be followed by one {@link #answered}; empty is
   * for those who are not worth waiting for.
   */
  Optional<Duration> failed(Source source) {
    State state = sources.get(source, first -> new State());
    Optional<Duration> delay;
    synchronized (state) {
      int beyond = ++state.failures - FREE;
      if (beyond <= 0) {
        delay = Optional.of(Duration.ZERO);
      } else if (state.waiting >= MOST_WAITING) {
        delay = Optional.empty();
      } else {
        state.waiting++;
        delay = Optional.of(FIRST_DELAY.multipliedBy(1L << Math.min(DOUBLINGS, beyond - 1)));
      }
    }
    sources.put(source, state);
    return delay;
  }

  /** An answer that was held back has been given. */
  void answered(Source source) {
    State state = sources.getIfPresent(source);
    if (state != null) {
      synchronized (state) {
        state.waiting = Math.max(0, state.waiting - 1);
      }
    }
  }
}
