package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitSession;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/** Ends a call at its deadline, wherever it is by then. Belongs to one event loop. */
public final class DeadlineClient implements InfopassClient {
  private final InfopassClient inner;
  private final Vertx vertx;
  private final LongSupplier nanoTime;

  public DeadlineClient(InfopassClient inner, Vertx vertx, LongSupplier nanoTime) {
    this.inner = inner;
    this.vertx = vertx;
    this.nanoTime = nanoTime;
  }

  @Override
  public Future<InitSession> init(PartnerCall call) {
    long remaining = call.command().deadline().remainingMillis(nanoTime);
    if (remaining == 0) {
      call.deadlinePassed();
      return Future.failedFuture(call.stopped());
    }
    long timer = vertx.setTimer(remaining, passed -> call.deadlinePassed());
    return inner.init(call).onComplete(done -> vertx.cancelTimer(timer));
  }
}
