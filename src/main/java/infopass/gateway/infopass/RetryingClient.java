package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.resilience.Backoff;
import infopass.gateway.resilience.RetryBudget;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats an attempt that failed in a way that may pass: with a random pause, never before the
 * partner's Retry-After, within a budget that the whole process shares, and only where the
 * repetition can still end before the deadline. A repetition that is refused here, without asking
 * the partner, is none: what the partner did before is the answer. Belongs to one event loop.
 */
public final class RetryingClient implements InfopassClient {
  private static final Logger LOG = LoggerFactory.getLogger(RetryingClient.class);

  /** What callers are told where a busy partner does not say when to come back. */
  private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

  private final InfopassClient inner;
  private final InfopassConfig.Retry config;
  private final Backoff backoff;
  private final RetryBudget budget;
  private final CallCounters counters;
  private final Vertx vertx;
  private final LongSupplier nanoTime;

  public RetryingClient(
      InfopassClient inner,
      InfopassConfig.Retry config,
      Backoff backoff,
      RetryBudget budget,
      CallCounters counters,
      Vertx vertx,
      LongSupplier nanoTime) {
    this.inner = inner;
    this.config = config;
    this.backoff = backoff;
    this.budget = budget;
    this.counters = counters;
    this.vertx = vertx;
    this.nanoTime = nanoTime;
  }

  @Override
  public Future<InitSession> init(PartnerCall call) {
    budget.deposit();
    return attempt(call, 1, null);
  }

  private Future<InitSession> attempt(PartnerCall call, int attempt, PartnerFailure before) {
    long begun = nanoTime.getAsLong();
    int writtenBefore = call.requestsWritten();
    boolean mayDuplicate = call.outcome() == Outcome.UNKNOWN;
    Future<InitSession> asked = inner.init(call);
    // Most calls are no repetition, and need not be watched for it.
    return (before == null ? asked : asked.onSuccess(granted -> counters.retried(mayDuplicate)))
        .recover(
            cause -> {
              if (!(cause instanceof PartnerFailure failure)) {
                return Future.failedFuture(cause);
              }
              if (before != null && call.requestsWritten() > writtenBefore) {
                counters.retried(mayDuplicate);
              } else if (before != null && failure == call.stopped()) {
                budget.giveBack();
              } else if (before != null && failure.isRefusal()) {
                budget.giveBack();
                return overAll(call, untilWeAsk(before, failure.failure().retryAfter()));
              }
              Duration lasted = Duration.ofNanos(nanoTime.getAsLong() - begun);
              return again(call, attempt, failure, lasted);
            });
  }

  private Future<InitSession> again(
      PartnerCall call, int attempt, PartnerFailure failure, Duration lasted) {
    if (!replayable(failure)
        || attempt >= config.maxAttempts()
        || call.stopped() != null
        || call.callerLeft()) {
      return overAll(call, failure);
    }
    Duration pause = pause(attempt, failure.failure().retryAfter());
    long neededNanos = pause.plus(lasted).toNanos();
    if (neededNanos >= call.command().deadline().remainingNanos(nanoTime)
        || !budget.tryWithdraw()) {
      return overAll(call, failure);
    }
    LOG.atDebug()
        .addKeyValue("correlationId", call.command().correlationId())
        .addKeyValue("attempt", attempt)
        .addKeyValue("failure", failure.failure().problem().slug())
        .log("trying again");
    return pauseFor(call, pause)
        .onFailure(stopped -> budget.giveBack())
        .compose(over -> attempt(call, attempt + 1, failure));
  }

  private boolean replayable(PartnerFailure failure) {
    return switch (failure.replay()) {
      case SAFE -> true;
      case MAY_DUPLICATE -> config.on() == InfopassConfig.RetryOn.TRANSIENT;
      case NEVER -> false;
    };
  }

  private Duration pause(int attempt, Duration retryAfter) {
    Duration random = backoff.delay(attempt);
    return retryAfter != null && retryAfter.compareTo(random) > 0 ? retryAfter : random;
  }

  private Future<Void> pauseFor(PartnerCall call, Duration pause) {
    Promise<Void> over = Promise.promise();
    long millis = (pause.toNanos() + 999_999) / 1_000_000;
    if (millis == 0) {
      return Future.succeededFuture();
    }
    long timer = vertx.setTimer(millis, fired -> over.tryComplete());
    call.whenStopped(
        () -> {
          vertx.cancelTimer(timer);
          over.tryFail(call.stopped());
        });
    return over.future();
  }

  /** The pause has used up what was said then: what counts is when we would ask again. */
  private static PartnerFailure untilWeAsk(PartnerFailure before, Duration ours) {
    InitFailure told = before.failure();
    boolean tells = told.problem() == Problem.UPSTREAM_BUSY || told.retryAfter() != null;
    return tells && ours != null
        ? new PartnerFailure(told.withRetryAfter(ours), before.replay(), before.health())
        : before;
  }

  /** The last failure, but with what is true of all attempts together. */
  private static Future<InitSession> overAll(PartnerCall call, PartnerFailure last) {
    InitFailure failure = last.failure();
    if (failure.outcome() != null) {
      failure = failure.withOutcome(failure.outcome().or(call.outcome()));
    }
    if (failure.problem() == Problem.UPSTREAM_BUSY && failure.retryAfter() == null) {
      failure = failure.withRetryAfter(DEFAULT_RETRY_AFTER);
    }
    return Future.failedFuture(new PartnerFailure(failure, last.replay(), last.health()));
  }
}
