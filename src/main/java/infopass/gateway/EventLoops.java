package infopass.gateway;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Watches that every event loop turns: each notes the time once a second. Thread-safe. */
final class EventLoops {
  private static final long BEAT_MILLIS = 1_000;

  /** Silence after which a loop counts as stuck. */
  private static final Duration STUCK = Duration.ofSeconds(10);

  private final LongSupplier nanoTime;
  private final List<AtomicLong> beats = new CopyOnWriteArrayList<>();

  EventLoops(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** To be deployed once per event loop. */
  Deployable heart() {
    AtomicLong beat = new AtomicLong(nanoTime.getAsLong());
    return new VerticleBase() {
      @Override
      public Future<?> start() {
        beats.add(beat);
        vertx.setPeriodic(BEAT_MILLIS, tick -> beat.set(nanoTime.getAsLong()));
        return Future.succeededFuture();
      }

      @Override
      public Future<?> stop() {
        beats.remove(beat);
        return Future.succeededFuture();
      }
    };
  }

  boolean turn() {
    long now = nanoTime.getAsLong();
    for (AtomicLong beat : beats) {
      if (now - beat.get() > STUCK.toNanos()) {
        return false;
      }
    }
    return true;
  }
}
