package infopass.gateway.countdown;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives all streams of one event loop with one timer, just after each full second of the wall
 * clock, and only while there are streams. Belongs to that event loop, but for {@link #drain}.
 */
final class Ticker {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final long SECOND_MILLIS = 1_000;
  private static final long NO_TIMER = -1;

  /** Streams that are written to in one go. */
  private static final int SLICE = 64;

  private final Vertx vertx;
  private final Context own;
  private final Clock clock;
  private final Set<Subscriber> subscribers = new LinkedHashSet<>();
  private List<Subscriber> round = List.of();
  private int next;
  private long timer = NO_TIMER;
  private boolean drained;

  /** Call it on the event loop. */
  Ticker(Vertx vertx, Clock clock) {
    this.vertx = vertx;
    this.own = vertx.getOrCreateContext();
    this.clock = clock;
  }

  /** Starts a stream; false where it was over at once. */
  boolean add(Subscriber subscriber) {
    if (!subscriber.begin(clock.millis())) {
      return false;
    }
    if (drained) {
      goAway(subscriber);
      return false;
    }
    subscribers.add(subscriber);
    if (timer == NO_TIMER) {
      schedule();
    }
    return true;
  }

  void remove(Subscriber subscriber) {
    subscribers.remove(subscriber);
  }

  /**
   * One tick for all, in slices, so that other work of the loop has its turn in between. While one
   * is under way another does nothing: ticks are absolute.
   */
  void tick() {
    if (round.isEmpty()) {
      // A stream that ends tells its owner, who removes it: not from the set under our feet.
      round = new ArrayList<>(subscribers);
      next = 0;
      tickSlice();
    }
  }

  private void tickSlice() {
    long now = clock.millis();
    int end = Math.min(round.size(), next + SLICE);
    for (; next < end; next++) {
      Subscriber subscriber = round.get(next);
      if (subscribers.contains(subscriber) && !ticks(subscriber, now)) {
        subscribers.remove(subscriber);
      }
    }
    if (next < round.size()) {
      vertx.runOnContext(v -> tickSlice());
    } else {
      round = List.of();
    }
  }

  /** A stream that cannot be written to is over; it must not end the others. */
  private static boolean ticks(Subscriber subscriber, long now) {
    try {
      return subscriber.tick(now);
    } catch (RuntimeException gone) {
      LOG.debug("a stream could not be written to", gone);
      subscriber.drop();
      return false;
    }
  }

  /** Ends all streams with a hint to come back. May be called from any thread. */
  Future<Void> drain() {
    Promise<Void> done = Promise.promise();
    own.runOnContext(
        v -> {
          List<Subscriber> all = new ArrayList<>(subscribers);
          subscribers.clear();
          drained = true;
          all.forEach(Ticker::goAway);
          done.complete();
        });
    return done.future();
  }

  private static void goAway(Subscriber subscriber) {
    try {
      subscriber.goAway();
    } catch (RuntimeException gone) {
      LOG.debug("a stream could not be ended", gone);
      subscriber.drop();
    }
  }

  private void schedule() {
    long delay = SECOND_MILLIS - Math.floorMod(clock.millis(), SECOND_MILLIS) + 1;
    timer =
        vertx.setTimer(
            delay,
            fired -> {
              timer = NO_TIMER;
              if (!subscribers.isEmpty()) {
                schedule();
              }
              tick();
            });
  }
}
