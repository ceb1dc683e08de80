package infopass.gateway.countdown;

import infopass.gateway.logging.LogLimit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** How many sessions the ledgers of this process watch, and may watch. Thread-safe. */
public final class WatchLimit {
  private static final Logger LOG = LoggerFactory.getLogger(WatchLimit.class);
  private static final LogLimit LIMIT = new LogLimit();

  private final int limit;
  private final AtomicInteger watched = new AtomicInteger();

  public WatchLimit(int limit) {
    this.limit = limit;
  }

  /** Takes a place; false, with a warning, where all are taken. */
  boolean tryEnter() {
    // Never beyond the limit, not even for a moment: that would turn others away.
    if (watched.getAndUpdate(taken -> taken < limit ? taken + 1 : taken) < limit) {
      return true;
    }
    LIMIT
        .line(LOG, Level.WARN, "full")
        .addKeyValue("limit", limit)
        .log("countdown.maxSessions is reached: some sessions end without their events");
    return false;
  }

  /** Gives places back. */
  void leave(int places) {
    watched.addAndGet(-places);
  }

  /** How many sessions may be watched. */
  public int limit() {
    return limit;
  }

  /** How many sessions are watched now. */
  public int watched() {
    return watched.get();
  }
}
