package infopass.gateway.logging;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/**
 * Admits one line a minute of each kind, so that no number of requests floods the log. The next
 * line of a kind says how many were left out before it. At most {@value #MOST_KINDS} kinds are kept
 * apart; those beyond share one. Thread-safe.
 */
public final class LogLimit {
  static final int MOST_KINDS = 256;

  private static final long INTERVAL_NANOS = 60_000_000_000L;

  private final Map<Object, Kind> kinds = new ConcurrentHashMap<>();
  private final Kind others = new Kind();
  private final LongSupplier nanoTime;

  public LogLimit() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime a monotonic clock like {@link System#nanoTime()}
   */
  public LogLimit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Begins a line; what is logged with it goes nowhere where the kind had one within the minute.
   *
   * @param kind what makes lines alike, with equals and hashCode; never what a request brought
   */
  public LoggingEventBuilder line(Logger log, Level level, Object kind) {
    if (!log.isEnabledForLevel(level)) {
      return NOPLoggingEventBuilder.singleton();
    }
    long leftOut = admit(kind);
    if (leftOut < 0) {
      return NOPLoggingEventBuilder.singleton();
    }
    LoggingEventBuilder line = log.atLevel(level);
    return leftOut == 0 ? line : line.addKeyValue("leftOut", leftOut);
  }

  /** How many lines were left out since the last one; negative where this one is left out too. */
  private long admit(Object kind) {
    Kind known = kinds.get(kind);
    if (known == null) {
      known = kinds.size() < MOST_KINDS ? kinds.computeIfAbsent(kind, added -> new Kind()) : others;
    }
    return known.admit(nanoTime.getAsLong());
  }

  private static final class Kind {
    private boolean logged;
    private long loggedAt;
    private long leftOut;

    private synchronized long admit(long now) {
      if (logged && now - loggedAt < INTERVAL_NANOS) {
        leftOut++;
        return -1;
      }
      long before = leftOut;
      logged = true;
      loggedAt = now;
      leftOut = 0;
      return before;
    }
  }
}
