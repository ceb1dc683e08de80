package infopass.gateway.intake;

import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.idempotency.Begun;
import infopass.gateway.idempotency.IdempotencyStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Sees to it that the repetitions of one request cost one call: answers from memory, waits for the
 * call that is running, or makes it. Belongs to one event loop, with the store shared by all.
 */
final class Duplicates {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final IdempotencyStore store;
  private final Vertx vertx;
  private final LongSupplier nanoTime;

  Duplicates(IdempotencyStore store, Vertx vertx, LongSupplier nanoTime) {
    this.store = store;
    this.vertx = vertx;
    this.nanoTime = nanoTime;
  }

  /**
   * @param ask makes the call, for as long as the presence it is given lasts
   */
  Future<InitResult> once(
      InitDesk.Request request, Function<CallerPresence, Future<InitOutcome>> ask) {
    Begun begun =
        store.begin(request.caller().scope(), request.key().orElseThrow(), request.body());
    if (begun instanceof Begun.First first) {
      return make(request, first, ask);
    }
    if (begun instanceof Begun.Running running) {
      return request.joins() ? join(request, running, ask) : denied(conflict());
    }
    if (begun instanceof Begun.Replay replay) {
      return Future.succeededFuture(new InitResult(replay.outcome(), true, false));
    }
    return denied(
        InitFailure.notSent(
            Problem.IDEMPOTENCY_MISMATCH, "The Idempotency-Key came before with another request."));
  }

  private static Future<InitResult> make(
      InitDesk.Request request,
      Begun.First first,
      Function<CallerPresence, Future<InitOutcome>> ask) {
    request.presence().whenLeft(first::leave);
    Future<InitOutcome> asked;
    try {
      asked = ask.apply(first.presence());
    } catch (RuntimeException bug) {
      asked = Future.failedFuture(bug);
    }
    return asked
        .onComplete(done -> first.finish(done.succeeded() ? done.result() : unknown()))
        .map(InitResult::fresh);
  }

  private Future<InitResult> join(
      InitDesk.Request request,
      Begun.Running running,
      Function<CallerPresence, Future<InitOutcome>> ask) {
    Context own = vertx.getOrCreateContext();
    Promise<InitOutcome> ended = Promise.promise();
    Runnable leave = running.join(outcome -> own.runOnContext(told -> ended.tryComplete(outcome)));
    request.presence().whenLeft(leave);
    long patience = Math.max(1, request.deadline().remainingMillis(nanoTime));
    return ended
        .future()
        .timeout(patience, TimeUnit.MILLISECONDS)
        .compose(
            outcome ->
                takenBack(outcome) && request.deadline().remainingMillis(nanoTime) > 0
                    // Its caller left, or had less patience: this one's call is still to be made.
                    ? once(request, ask)
                    : Future.succeededFuture(new InitResult(outcome, true, true)),
            late -> {
              leave.run();
              return denied(conflict());
            });
  }

  private static boolean takenBack(InitOutcome outcome) {
    return outcome instanceof InitOutcome.Denied denied
        && denied.failure().problem() == Problem.DEADLINE_EXCEEDED
        && denied.failure().outcome() == Outcome.NOT_SENT;
  }

  private static InitOutcome unknown() {
    return new InitOutcome.Denied(
        InitFailure.of(Problem.INTERNAL, "Report the correlation id to the operator.")
            .withOutcome(Outcome.UNKNOWN));
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
