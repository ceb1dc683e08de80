package infopass.gateway;

import infopass.gateway.http.Lifecycle;
import infopass.gateway.http.Lifecycle.Stage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Takes a process out of service without losing a request: first it is only not ready, then it ends
 * the streams and refuses what is new, and it is over when nothing is in flight and callers have
 * been told to close.
 */
final class Drain {
  private static final long LOOK_MILLIS = 10;

  /** How long idle keep-alive connections are given to be told that they are closing. */
  private static final long LINGER_MILLIS = 300;

  private final Vertx vertx;
  private final Lifecycle lifecycle;
  private final Supplier<Future<Void>> endStreams;
  private final IntSupplier inFlight;
  private final IntSupplier openConnections;

  Drain(
      Vertx vertx,
      Lifecycle lifecycle,
      Supplier<Future<Void>> endStreams,
      IntSupplier inFlight,
      IntSupplier openConnections) {
    this.vertx = vertx;
    this.lifecycle = lifecycle;
    this.endStreams = endStreams;
    this.inFlight = inFlight;
    this.openConnections = openConnections;
  }

  Future<Void> run(GatewayConfig.Shutdown shutdown) {
    lifecycle.enter(Stage.LEAVING);
    return pause(shutdown.drainDelay())
        .compose(
            over -> {
              lifecycle.enter(Stage.DRAINING);
              return endStreams.get();
            })
        .compose(ended -> idle(shutdown.grace()));
  }

  private Future<Void> pause(Duration delay) {
    // A promise of nobody's context: what follows ends after all event loops have.
    Promise<Void> over = Promise.promise();
    if (delay.toMillis() == 0) {
      over.complete();
    } else {
      vertx.setTimer(delay.toMillis(), fired -> over.complete());
    }
    return over.future();
  }

  private Future<Void> idle(Duration grace) {
    Promise<Void> idle = Promise.promise();
    long[] looks = {grace.toMillis() / LOOK_MILLIS, LINGER_MILLIS / LOOK_MILLIS};
    look(looks, idle);
    return idle.future();
  }

  /**
   * Timers of one shot: a periodic one that is set from another thread may fire before it can be
   * cancelled, and then never ends.
   */
  private void look(long[] looks, Promise<Void> idle) {
    boolean quiet = inFlight.getAsInt() == 0;
    boolean told = openConnections.getAsInt() == 0 || quiet && --looks[1] <= 0;
    if (quiet && told || --looks[0] <= 0) {
      idle.complete();
    } else {
      vertx.setTimer(LOOK_MILLIS, timer -> look(looks, idle));
    }
  }
}
