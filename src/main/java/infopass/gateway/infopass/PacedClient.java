package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.resilience.Pacer;
import infopass.gateway.resilience.RefusalEvidence;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Sends no faster than the partner's quota allows. Who would have to wait for longer than it can is
 * refused at once; who waits has its turn among callers, not among requests. Belongs to one event
 * loop, with the pacer shared by all.
 */
public final class PacedClient implements InfopassClient {
  private static final int TOO_MANY_REQUESTS = 429;

  /** Weight of the newest call in the time that a call is expected to take. */
  private static final double NEWEST = 0.1;

  private static final long LEAST_RESERVE_NANOS = 20_000_000;

  private static final PartnerFailure DRAINING =
      PartnerFailure.refused(
          InitFailure.notSent(Problem.DRAINING, "This instance is being stopped.")
              .withRetryAfter(Duration.ofSeconds(1)));

  private final InfopassClient inner;
  private final Pacer pacer;
  private final RefusalEvidence evidence;
  private final Supplier<PartnerFailure> closedDoor;
  private final BooleanSupplier draining;
  private final Vertx vertx;
  private final LongSupplier nanoTime;
  private double expectedNanos;

  /**
   * @param closedDoor why a call need not even wait; null where it may
   * @param draining whether this process is about to stop: who is refused then is told so
   */
  public PacedClient(
      InfopassClient inner,
      Pacer pacer,
      RefusalEvidence evidence,
      Supplier<PartnerFailure> closedDoor,
      BooleanSupplier draining,
      Vertx vertx,
      LongSupplier nanoTime) {
    this.inner = inner;
    this.pacer = pacer;
    this.evidence = evidence;
    this.closedDoor = closedDoor;
    this.draining = draining;
    this.vertx = vertx;
    this.nanoTime = nanoTime;
  }

  @Override
  public Future<InitSession> init(PartnerCall call) {
    PartnerFailure closed = call.stopped() != null ? call.stopped() : closedDoor.get();
    if (closed != null) {
      return Future.failedFuture(closed);
    }
    Turn turn = new Turn(call, vertx.getOrCreateContext());
    call.whenStopped(turn::leave);
    turn.take(pacer.acquire(call.command().caller(), latestStart(call), turn));
    return turn.result.future();
  }

  /** A call that begins later would not be answered in time. */
  private long latestStart(PartnerCall call) {
    long remaining = call.command().deadline().remainingNanos(nanoTime);
    long reserve = Math.min(remaining / 2, (long) (2 * expectedNanos) + LEAST_RESERVE_NANOS);
    return nanoTime.getAsLong() + remaining - reserve;
  }

  /** One call's turn. What the pacer calls comes from any thread; all else is the call's loop. */
  private final class Turn implements Pacer.Waiter {
    private final PartnerCall call;
    private final Context own;
    private final Thread loop = Thread.currentThread();
    private final Promise<InitSession> result = Promise.promise();
    private Pacer.Ticket ticket;

    private Turn(PartnerCall call, Context own) {
      this.call = call;
      this.own = own;
    }

    private void take(Pacer.Ticket given) {
      ticket = given;
    }

    private void leave() {
      if (ticket != null && ticket.cancel()) {
        result.tryFail(call.stopped());
      }
    }

    @Override
    public void granted(Pacer.Ticket given) {
      if (Thread.currentThread() == loop && ticket == null) {
        pass(given); // Before acquire returned: there was nothing to wait for.
      } else {
        own.runOnContext(turn -> pass(given));
      }
    }

    @Override
    public void refused(Duration retryAfter) {
      own.runOnContext(
          told -> {
            PartnerFailure closed = closedDoor.get();
            PartnerFailure open = draining.getAsBoolean() ? DRAINING : busy(retryAfter);
            result.tryFail(closed == null ? open : closed);
          });
    }

    private void pass(Pacer.Ticket given) {
      if (call.stopped() != null) {
        given.unused();
        result.tryFail(call.stopped());
        return;
      }
      long begun = nanoTime.getAsLong();
      int writtenBefore = call.requestsWritten();
      inner
          .init(call)
          .onComplete(
              done -> {
                boolean written = call.requestsWritten() > writtenBefore;
                Throwable told = settle(given, call, written, done.cause(), begun);
                if (told == null) {
                  result.complete(done.result());
                } else {
                  result.fail(told);
                }
              });
    }
  }

  /**
   * Returns what the caller is told: the cause, null for none.
   *
   * @param written whether this turn was used; the outcome of a failure is that of all attempts
   */
  private Throwable settle(
      Pacer.Ticket ticket, PartnerCall call, boolean written, Throwable cause, long begun) {
    InitFailure failure = cause instanceof PartnerFailure known ? known.failure() : null;
    if (failure != null && (!written || failure.outcome() == Outcome.NOT_SENT)) {
      ticket.unused();
    } else if (failure != null
        && failure.upstream() != null
        && failure.upstream().status() == TOO_MANY_REQUESTS) {
      refused(ticket, call, failure.retryAfter());
      return withHold((PartnerFailure) cause);
    } else {
      ticket.answered(false, null);
      evidence.letThrough(begun);
      long tookNanos = nanoTime.getAsLong() - begun;
      expectedNanos += NEWEST * (tookNanos - expectedNanos);
    }
    return cause;
  }

  /** One refusal alone does not hold everybody back, unless a limit is known already. */
  private void refused(Pacer.Ticket ticket, PartnerCall call, Duration retryAfter) {
    Pacer.Snapshot known = pacer.snapshot();
    if (evidence.refused(call) || known.limit() > 0 || known.holdNanos() > 0) {
      ticket.answered(true, retryAfter);
    } else {
      ticket.unused();
    }
  }

  /** Whoever comes back before the hold ends is not sent, whatever the partner said. */
  private PartnerFailure withHold(PartnerFailure refusal) {
    InitFailure failure = refusal.failure();
    Duration hold = Duration.ofNanos(pacer.snapshot().holdNanos());
    Duration advice = failure.retryAfter() == null ? Duration.ZERO : failure.retryAfter();
    return hold.compareTo(advice) <= 0
        ? refusal
        : new PartnerFailure(failure.withRetryAfter(hold), refusal.replay(), refusal.health());
  }

  private static PartnerFailure busy(Duration retryAfter) {
    return PartnerFailure.refused(
        InitFailure.notSent(
                Problem.UPSTREAM_BUSY, "The quota at Infopass leaves no room for it in time.")
            .withRetryAfter(retryAfter));
  }
}
