package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.resilience.Bulkhead;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Lets as many calls through as the pool has places, has a bounded number wait, and refuses the
 * rest at once. A call that is stopped while it waits leaves the queue. Belongs to one event loop.
 */
public final class LimitedClient implements InfopassClient {
  /** A place is free within moments: those refused together are to come back apart. */
  private static final int SOON_SECONDS = 3;

  private final InfopassClient inner;
  private final Bulkhead bulkhead;
  private final RandomGenerator random;

  public LimitedClient(InfopassClient inner, Bulkhead bulkhead, RandomGenerator random) {
    this.inner = inner;
    this.bulkhead = bulkhead;
    this.random = random;
  }

  @Override
  public Future<InitSession> init(PartnerCall call) {
    if (call.stopped() != null) {
      return Future.failedFuture(call.stopped());
    }
    Promise<InitSession> result = Promise.promise();
    Waiting waiting = new Waiting();
    // Registered first: the wire, which may be reached before acquire returns, puts its own in
    // place.
    call.whenStopped(() -> waiting.leave(call, result));
    waiting.ticket = bulkhead.acquire(granted -> pass(call, granted, waiting, result));
    return waiting.ticket == null ? Future.failedFuture(refusal()) : result.future();
  }

  private void pass(
      PartnerCall call, Bulkhead.Ticket granted, Waiting waiting, Promise<InitSession> result) {
    PartnerFailure refused = waiting.ticket == null ? null : call.refusedNow();
    if (refused != null) {
      granted.release();
      result.fail(refused);
      return;
    }
    inner
        .init(call)
        .onComplete(
            done -> {
              granted.release();
              result.handle(done);
            });
  }

  /** A call's place in the queue. */
  private static final class Waiting {
    private Bulkhead.Ticket ticket;

    void leave(PartnerCall call, Promise<InitSession> result) {
      if (ticket != null && ticket.cancel()) {
        result.tryFail(call.stopped());
      }
    }
  }

  private PartnerFailure refusal() {
    return PartnerFailure.refused(
        InitFailure.notSent(Problem.OVERLOADED, "All connections to Infopass are taken.")
            .withRetryAfter(Duration.ofSeconds(1 + random.nextInt(SOON_SECONDS))));
  }
}
