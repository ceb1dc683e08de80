package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitSession;
import infopass.gateway.resilience.TimerWheel;
import io.vertx.core.Future;
import java.util.function.LongSupplier;

/** Ends a call at its deadline, wherever it is by then. Belongs to one event loop. */
public final class DeadlineClient implements InfopassClient {
  private final InfopassClient inner;
  private final TimerWheel timers;
  private final LongSupplier nanoTime;

  public DeadlineClient(InfopassClient inner, TimerWheel timers, LongSupplier nanoTime) {
    this.inner = inner;
    this.timers = timers;
    this.nanoTime = nanoTime;
  }

  @Override
  public Future<InitSession> init(PartnerCall call) {
    long remaining = call.command().deadline().remainingMillis(nanoTime);
    if (remaining == 0) {
      call.deadlinePassed();
      return Future.failedFuture(call.stopped());
    }
    Limit limit = new Limit(call);
    limit.arm(remaining);
    return inner.init(call).onComplete(done -> limit.timeout.cancel());
  }

  /** Ends a call at its deadline, which may have moved back by then. */
  private final class Limit implements Runnable {
    private final PartnerCall call;
    private TimerWheel.Timeout timeout;

    private Limit(PartnerCall call) {
      this.call = call;
    }

    private void arm(long millis) {
      timeout = timers.after(millis, this);
    }

    @Override
    public void run() {
      long remaining = call.command().deadline().remainingMillis(nanoTime);
      if (remaining > 0) {
        arm(remaining);
      } else {
        call.deadlinePassed();
      }
    }
  }
}
