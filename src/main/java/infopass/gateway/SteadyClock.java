package infopass.gateway;

import infopass.gateway.logging.LogLimit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Reads the time off the monotonic clock, from where the wall clock stood when it was made: a wall
 * clock that is set while the process runs makes no countdown longer or shorter. What the wall
 * clock says afterwards is followed by the next process alone; a line in the log says so.
 * Thread-safe.
 */
final class SteadyClock extends Clock {
  private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);
  private static final long LOOK_NANOS = 10_000_000_000L;
  private static final long STEP_MILLIS = 2_000;

  private final Clock wall;
  private final LongSupplier nanoTime;
  private final LogLimit log;
  private final Instant anchor;
  private final long anchoredAt;
  private volatile long lookedAt;

  SteadyClock(Clock wall, LongSupplier nanoTime) {
    this.wall = wall;
    this.nanoTime = nanoTime;
    this.log = new LogLimit(nanoTime);
    this.anchor = wall.instant();
    this.anchoredAt = nanoTime.getAsLong();
    this.lookedAt = anchoredAt;
  }

  @Override
  public Instant instant() {
    long now = nanoTime.getAsLong();
    Instant steady = anchor.plusNanos(now - anchoredAt);
    if (now - lookedAt > LOOK_NANOS) {
      lookedAt = now;
      look(steady);
    }
    return steady;
  }

  private void look(Instant steady) {
    long step = Duration.between(steady, wall.instant()).toMillis();
    if (Math.abs(step) > STEP_MILLIS) {
      log.line(LOG, Level.WARN, "step")
          .addKeyValue("stepMs", step)
          .log("the wall clock was set; the time of the start goes on until a restart");
    }
  }

  @Override
  public ZoneId getZone() {
    return wall.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new SteadyClock(wall.withZone(zone), nanoTime);
  }
}
