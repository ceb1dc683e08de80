package infopass.gateway.intake;

import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.idempotency.Begun;
import infopass.gateway.idempotency.Claim;
import infopass.gateway.idempotency.IdempotencyStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Sees to it that the repetitions of one request cost one call: answers from memory, waits for the
 * call that is running, or makes it. Belongs to one event loop, with the store shared by all.
 */
final class Duplicates {
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(5);

  /** An answer has to be with the caller before that gives up. */
  private static final Duration ANSWERING = Duration.ofMillis(100);

  private final IdempotencyStore store;
  private final Vertx vertx;
  private final LongSupplier nanoTime;

  Duplicates(IdempotencyStore store, Vertx vertx, LongSupplier nanoTime) {
    this.store = store;
    this.vertx = vertx;
    this.nanoTime = nanoTime;
  }

  /**
   * @param ask makes the call, for as long as the presence and the deadline it is given last
   */
  Future<InitResult> once(InitDesk.Request request, Ask ask) {
    Begun begun =
        store.begin(request.caller().scope(), request.key().orElseThrow(), request.body());
    if (begun instanceof Begun.First first) {
      first.lives(request.deadline());
      request.presence().whenLeft(first::leave);
      return first.shared() ? claim(request, first, ask, Duration.ZERO) : make(request, first, ask);
    }
    if (begun instanceof Begun.Running running) {
      return request.joins() ? join(request, running, ask) : denied(conflict());
    }
    if (begun instanceof Begun.Replay replay) {
      return Future.succeededFuture(new InitResult(replay.outcome(), true, false));
    }
    return denied(mismatch());
  }

  /** Other processes may have had it, or may be at it. */
  private Future<InitResult> claim(
      InitDesk.Request request, Begun.First first, Ask ask, Duration pause) {
    Context own = vertx.getOrCreateContext();
    return pause(pause)
        .compose(over -> Future.fromCompletionStage(first.claim(left(request)), own))
        .compose(
            claim -> {
              if (claim instanceof Claim.Mine) {
                return make(request, first, ask);
              }
              if (claim instanceof Claim.Answered answered) {
                return end(first, new InitResult(answered.outcome(), true, false));
              }
              if (claim instanceof Claim.Elsewhere there
                  && request.joins()
                  && !left(request).isZero()) {
                return Future.fromCompletionStage(there.ended().apply(left(request)), own)
                    .otherwiseEmpty()
                    .compose(ended -> claim(request, first, ask, longer(pause)));
              }
              return end(first, InitResult.fresh(new InitOutcome.Denied(refusal(claim))));
            });
  }

  /** Where the other process has no word for it, it is asked ever more seldom. */
  private static Duration longer(Duration pause) {
    return pause.isZero()
        ? FIRST_PAUSE
        : pause.multipliedBy(2).compareTo(SOON) < 0 ? pause.multipliedBy(2) : SOON;
  }

  private Future<Void> pause(Duration pause) {
    if (pause.isZero()) {
      return Future.succeededFuture();
    }
    Promise<Void> over = Promise.promise();
    vertx.setTimer(pause.toMillis(), fired -> over.complete());
    return over.future();
  }

  private static InitFailure refusal(Claim claim) {
    if (claim instanceof Claim.Mismatch) {
      return mismatch();
    }
    return claim instanceof Claim.Elsewhere
        ? conflict()
        : InitFailure.notSent(
                Problem.OVERLOADED, "What is known of this Idempotency-Key cannot be reached.")
            .withRetryAfter(SOON);
  }

  private static Future<InitResult> end(Begun.First first, InitResult result) {
    first.finish(result.outcome());
    return Future.succeededFuture(result);
  }

  private Duration left(InitDesk.Request request) {
    return Duration.ofMillis(request.deadline().remainingMillis(nanoTime));
  }

  private Future<InitResult> make(InitDesk.Request request, Begun.First first, Ask ask) {
    Future<InitOutcome> asked;
    try {
      asked = ask.apply(first.presence(), first.lives(request.deadline()));
    } catch (RuntimeException bug) {
      asked = Future.failedFuture(bug);
    }
    Future<InitOutcome> made = asked;
    Future<InitResult> answered =
        made.onComplete(done -> first.finish(done.succeeded() ? done.result() : unknown()))
            .transform(done -> told(request, first.told()).compose(over -> made))
            .map(InitResult::fresh);
    return inTime(request, first, answered);
  }

  /** Its own request is answered in its time, where the call goes on for others who wait longer. */
  private Future<InitResult> inTime(
      InitDesk.Request request, Begun.First first, Future<InitResult> answered) {
    if (answered.isComplete()) {
      return answered;
    }
    Promise<InitResult> result = Promise.promise();
    long patience = Math.max(1, request.deadline().remainingMillis(nanoTime));
    long timer =
        vertx.setTimer(
            patience,
            late -> {
              if (first.lives(request.deadline()).isAfter(request.deadline())
                  && result.tryComplete(InitResult.fresh(goesOn()))) {
                first.leave();
              }
            });
    answered.onComplete(
        done -> {
          vertx.cancelTimer(timer);
          if (done.succeeded()) {
            result.tryComplete(done.result());
          } else {
            result.tryFail(done.cause());
          }
        });
    return result.future();
  }

  private static InitOutcome goesOn() {
    return new InitOutcome.Denied(
        InitFailure.of(
                Problem.DEADLINE_EXCEEDED,
                "The deadline passed, and the call goes on for a repetition that waits longer.")
            .withOutcome(Outcome.UNKNOWN));
  }

  /**
   * Who has the answer may repeat the request anywhere: where others look comes before it, as far
   * as there is time.
   */
  private Future<Void> told(InitDesk.Request request, CompletionStage<?> others) {
    if (others.toCompletableFuture().isDone()) {
      return Future.succeededFuture();
    }
    Context own = vertx.getOrCreateContext();
    Promise<Void> told = Promise.promise();
    long patience = Math.max(1, left(request).minus(ANSWERING).toMillis());
    long timer = vertx.setTimer(patience, late -> told.tryComplete());
    others.whenComplete((done, failed) -> own.runOnContext(over -> told.tryComplete()));
    return told.future().onComplete(over -> vertx.cancelTimer(timer));
  }

  private Future<InitResult> join(InitDesk.Request request, Begun.Running running, Ask ask) {
    Context own = vertx.getOrCreateContext();
    Promise<InitOutcome> ended = Promise.promise();
    running.lives(request.deadline());
    Runnable leave = running.join(outcome -> own.runOnContext(told -> ended.tryComplete(outcome)));
    request.presence().whenLeft(leave);
    long patience = Math.max(1, request.deadline().remainingMillis(nanoTime));
    // Not the future's own time limit, which would end it on another thread.
    long timer = vertx.setTimer(patience, late -> ended.tryFail("too late"));
    return ended
        .future()
        .onComplete(done -> vertx.cancelTimer(timer))
        .compose(
            outcome ->
                takenBack(outcome) && request.deadline().remainingMillis(nanoTime) > 0
                    // Its caller left, or had less patience: this one's call is still to be made.
                    ? once(request, ask)
                    : told(request, running.told()).map(new InitResult(outcome, true, true)),
            late -> {
              leave.run();
              return denied(conflict());
            });
  }

  /** Makes the call of a request. */
  @FunctionalInterface
  interface Ask {
    Future<InitOutcome> apply(CallerPresence presence, Deadline deadline);
  }

  private static boolean takenBack(InitOutcome outcome) {
    return outcome instanceof InitOutcome.Denied denied
        && (denied.failure().problem() == Problem.DEADLINE_EXCEEDED
            || denied.failure().problem() == Problem.UPSTREAM_BUSY
            || denied.failure().problem() == Problem.IDEMPOTENCY_CONFLICT)
        && denied.failure().outcome() == Outcome.NOT_SENT;
  }

  private static InitOutcome unknown() {
    return new InitOutcome.Denied(
        InitFailure.of(Problem.INTERNAL, "Report the correlation id to the operator.")
            .withOutcome(Outcome.UNKNOWN));
  }

  private static InitFailure mismatch() {
    return InitFailure.notSent(
        Problem.IDEMPOTENCY_MISMATCH, "The Idempotency-Key came before with another request.");
  }

  private static InitFailure conflict() {
    return InitFailure.notSent(
            Problem.IDEMPOTENCY_CONFLICT,
            "The first request with this Idempotency-Key has not been answered yet.")
        .withRetryAfter(SOON);
  }

  private static Future<InitResult> denied(InitFailure failure) {
    return Future.succeededFuture(InitResult.fresh(new InitOutcome.Denied(failure)));
  }
}
