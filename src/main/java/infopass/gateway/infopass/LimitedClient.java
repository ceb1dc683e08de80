package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.resilience.Bulkhead;
import infopass.gateway.resilience.RetryAfters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Lets as many calls through as the pool has places, has a bounded number wait, and refuses the
 * rest at once. A call that is stopped while it waits leaves the queue. Belongs to one event loop.
 */
public final class LimitedClient implements InfopassClient {
  /** A place is free within moments: those refused together are to come back apart. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final InfopassClient inner;
  private final Bulkhead bulkhead;
  private final RandomGenerator random;
  private final PoolUse use;
  private final LongConsumer waits;
  private final LongSupplier nanoTime;

  /**
   * @param use where taken places and waiting calls are counted
   * @param waits is told how many nanoseconds each call waited, in vain or not; 0 for those that
   *     had a place at once
   */
  public LimitedClient(
      InfopassClient inner,
      Bulkhead bulkhead,
      RandomGenerator random,
      PoolUse use,
      LongConsumer waits,
      LongSupplier nanoTime) {
    this.inner = inner;
    this.bulkhead = bulkhead;
    this.random = random;
    this.use = use;
    this.waits = waits;
    this.nanoTime = nanoTime;
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
    if (waiting.ticket == null) {
      return Future.failedFuture(refusal());
    }
    waiting.begin();
    return result.future();
  }

  private void pass(
      PartnerCall call, Bulkhead.Ticket granted, Waiting waiting, Promise<InitSession> result) {
    waiting.end();
    Future<InitSession> asked = inner.init(call);
    use.taken();
    asked.onComplete(
        done -> {
          use.givenBack();
          granted.release();
          result.handle(done);
        });
  }

  /** A call's place in the queue. */
  private final class Waiting {
    private Bulkhead.Ticket ticket;
    private boolean over;
    private boolean queued;
    private long since;

    /** It has a ticket; where that was granted at once there is nothing to wait for. */
    void begin() {
      if (!over) {
        queued = true;
        since = nanoTime.getAsLong();
        use.waits();
      }
    }

    void end() {
      over = true;
      if (queued) {
        use.waitsNoMore();
      }
      waits.accept(queued ? nanoTime.getAsLong() - since : 0);
    }

    void leave(PartnerCall call, Promise<InitSession> result) {
      if (ticket != null && ticket.cancel()) {
        end();
        result.tryFail(call.stopped());
      }
    }
  }

  private PartnerFailure refusal() {
    return PartnerFailure.refused(
        InitFailure.notSent(Problem.OVERLOADED, "All connections to Infopass are taken.")
            .withRetryAfter(RetryAfters.spread(SOON, random)));
  }
}
