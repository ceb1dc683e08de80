package infopass.gateway;

import infopass.gateway.http.Acceptor;
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
 * the streams and refuses what is new and what waits for the quota. When nothing is in flight it
 * takes no more connections, and it is over when callers have been told to close.
 */
final class Drain {
  private static final long LOOK_MILLIS = 10;

  /** How long connections that are open then are given to send a request and be told. */
  private static final long LINGER_MILLIS = Acceptor.LAST.toMillis() + 300;

  /** Until when the last connection has come, and has been counted. */
  private static final long TAKEN_MILLIS = Acceptor.LAST.toMillis() + 50;

  private final Vertx vertx;
  private final Lifecycle lifecycle;
  private final Runnable refuseWaiting;
  private final Supplier<Future<Void>> endStreams;
  private final IntSupplier inFlight;
  private final IntSupplier openConnections;
  private final Runnable stopAccepting;

  /**
   * @param refuseWaiting refuses the inits that wait for their turn in the quota
   * @param inFlight how many inits are being worked on
   * @param stopAccepting closes the listening socket, and no connection
   */
  Drain(
      Vertx vertx,
      Lifecycle lifecycle,
      Runnable refuseWaiting,
      Supplier<Future<Void>> endStreams,
      IntSupplier inFlight,
      IntSupplier openConnections,
      Runnable stopAccepting) {
    this.vertx = vertx;
    this.lifecycle = lifecycle;
    this.refuseWaiting = refuseWaiting;
    this.endStreams = endStreams;
    this.inFlight = inFlight;
    this.openConnections = openConnections;
    this.stopAccepting = stopAccepting;
  }

  Future<Void> run(GatewayConfig.Shutdown shutdown) {
    lifecycle.enter(Stage.LEAVING);
    return pause(shutdown.drainDelay())
        .compose(
            over -> {
              lifecycle.enter(Stage.DRAINING);
              refuseWaiting.run();
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
    new Look(idle, grace.toMillis() / LOOK_MILLIS).look();
    return idle.future();
  }

  /**
   * Looks again and again, by timers of one shot: a periodic one that is set from another thread
   * may fire before it can be cancelled, and then never ends.
   */
  private final class Look {
    private final Promise<Void> idle;
    private long looks;
    private long lingered;
    private boolean accepting = true;

    Look(Promise<Void> idle, long looks) {
      this.idle = idle;
      this.looks = looks;
    }

    void look() {
      boolean quiet = inFlight.getAsInt() == 0;
      if (quiet && accepting) {
        // Until then who connects is told why. From here on a connection that comes would find
        // nobody when the listener is closed, so it must not come: refused, it goes elsewhere.
        accepting = false;
        stopAccepting.run();
      }
      if (quiet && told() || --looks <= 0) {
        idle.complete();
      } else {
        vertx.setTimer(LOOK_MILLIS, timer -> look());
      }
    }

    private boolean told() {
      lingered += LOOK_MILLIS;
      return lingered > (openConnections.getAsInt() == 0 ? TAKEN_MILLIS : LINGER_MILLIS);
    }
  }
}
