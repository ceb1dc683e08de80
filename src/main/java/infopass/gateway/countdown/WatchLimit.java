package infopass.gateway.countdown;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many sessions the ledgers of this process watch, and may watch. Thread-safe. */
public final class WatchLimit {
  private static final Logger LOG = LoggerFactory.getLogger(WatchLimit.class);

  private final int limit;
  private final AtomicInteger watched = new AtomicInteger();
  private final AtomicBoolean told = new AtomicBoolean();

  public WatchLimit(int limit) {
    this.limit = limit;
  }

  /** Takes a place; false, with one warning per shortage, where all are taken. */
  boolean tryEnter() {
    // Never beyond the limit, not even for a moment: that would turn others away.
    if (watched.getAndUpdate(taken -> taken < limit ? taken + 1 : taken) < limit) {
      return true;
    }
    if (told.compareAndSet(false, true)) {
      LOG.atWarn()
          .addKeyValue("limit", limit)
          .log("countdown.maxSessions is reached: some sessions end without their events");
    }
    return false;
  }

  /** Gives places back. */
  void leave(int places) {
    watched.addAndGet(-places);
    told.set(false);
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
