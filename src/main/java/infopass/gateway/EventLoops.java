package infopass.gateway;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** Watches that every event loop turns, and how late it is with that. Thread-safe. */
final class EventLoops {
  static final long BEAT_MILLIS = 100;

  /** Silence after which a loop counts as stuck. */
  private static final Duration STUCK = Duration.ofSeconds(10);

  private final LongSupplier nanoTime;
  private final List<Heart> hearts = new CopyOnWriteArrayList<>();

  EventLoops(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** To be deployed once per event loop. */
  Deployable heart() {
    return new VerticleBase() {
      private Heart heart;

      @Override
      public Future<?> start() {
        heart = begin();
        vertx.setPeriodic(BEAT_MILLIS, tick -> heart.beat(nanoTime.getAsLong()));
        return Future.succeededFuture();
      }

      @Override
      public Future<?> stop() {
        hearts.remove(heart);
        return Future.succeededFuture();
      }
    };
  }

  /** A heart that is to beat every {@link #BEAT_MILLIS} from now on. */
  Heart begin() {
    Heart heart = new Heart(nanoTime.getAsLong());
    hearts.add(heart);
    return heart;
  }

  boolean turn() {
    long now = nanoTime.getAsLong();
    return hearts.stream().noneMatch(heart -> heart.silence(now) > STUCK.toNanos());
  }

  /**
   * The worst delay of an event loop in the last 10 to 20 seconds, in seconds; 0 where that loop is
   * not there.
   *
   * @param loop from 0, in the order in which they started
   */
  double lagSeconds(int loop) {
    long now = nanoTime.getAsLong();
    int at = 0;
    for (Heart heart : hearts) {
      if (at++ == loop) {
        return heart.worstLag(now) / 1e9;
      }
    }
    return 0;
  }

  /** The same of each loop, in nanoseconds. */
  List<Long> lags() {
    long now = nanoTime.getAsLong();
    return hearts.stream().map(heart -> heart.worstLag(now)).toList();
  }

  /** One loop's beats. Written by that loop, read by any thread. */
  static final class Heart {
    private static final long BEAT_NANOS = Duration.ofMillis(BEAT_MILLIS).toNanos();
    private static final long SPAN_NANOS = Duration.ofSeconds(10).toNanos();

    private volatile long last;
    private volatile long spanBegun;
    private volatile long worstBefore;
    private volatile long worstNow;

    private Heart(long now) {
      last = now;
      spanBegun = now;
    }

    void beat(long now) {
      long lag = lag(now);
      if (now - spanBegun >= SPAN_NANOS) {
        worstBefore = worstNow;
        worstNow = 0;
        spanBegun = now;
      }
      worstNow = Math.max(worstNow, lag);
      last = now;
    }

    private long silence(long now) {
      return now - last;
    }

    private long lag(long now) {
      return Math.max(0, now - last - BEAT_NANOS);
    }

    /** A beat that is overdue counts before it comes. */
    private long worstLag(long now) {
      return Math.max(lag(now), Math.max(worstNow, worstBefore));
    }
  }
}
