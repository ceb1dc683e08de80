package infopass.gateway.intake;

import infopass.gateway.audit.AuditTrail;
import infopass.gateway.bus.InitBus;
import infopass.gateway.callers.Caller;
import infopass.gateway.callers.CallerQuota;
import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.SessionWatch;
import infopass.gateway.digilocker.TraceParent;
import infopass.gateway.http.Lifecycle;
import infopass.gateway.idempotency.IdempotencyKey;
import infopass.gateway.resilience.RetryAfters;
import infopass.gateway.tracing.Span;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Where both doors bring a request: admission, all checks, duplicates, the caller's quota, and the
 * question to the partner side. Belongs to one event loop; what its instances share is thread-safe.
 */
final class InitDesk {
  /** Retry-After of a full house: a place is free within moments, so spread over a few seconds. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final RequestCheck check;
  private final InFlight inFlight;
  private final Lifecycle lifecycle;
  private final Duplicates duplicates;
  private final InitBus.Asker partner;
  private final SessionWatch sessions;
  private final AuditTrail trail;
  private final Clock clock;
  private final InitListener listener;
  private final RandomGenerator random;
  private final InitSpans spans;

  InitDesk(
      RequestCheck check,
      InFlight inFlight,
      Lifecycle lifecycle,
      Duplicates duplicates,
      InitBus.Asker partner,
      SessionWatch sessions,
      InitListener listener,
      AuditTrail trail,
      Clock clock,
      RandomGenerator random,
      InitSpans spans) {
    this.check = check;
    this.inFlight = inFlight;
    this.lifecycle = lifecycle;
    this.duplicates = duplicates;
    this.partner = partner;
    this.sessions = sessions;
    this.trail = trail;
    this.clock = clock;
    this.listener = listener;
    this.random = random;
    this.spans = spans;
  }

  /**
   * A request as a door took it.
   *
   * @param body the JSON document, unread
   * @param key names the request among its repetitions; empty for one that is not to be repeated
   * @param joins whether a repetition of a request that still runs waits for its answer
   * @param purpose what the caller says it is for; null where it says nothing
   */
  record Request(
      String correlationId,
      Caller caller,
      TraceParent trace,
      byte[] body,
      Deadline deadline,
      CallerPresence presence,
      Optional<IdempotencyKey> key,
      boolean joins,
      String purpose) {

    @Override
    public String toString() {
      return "Request[" + correlationId + "]";
    }
  }

  /** Works on one request. Every expected end is an answer; a failed future is a bug. */
  Future<InitResult> handle(Request request) {
    return admit(request)
        .onComplete(
            done ->
                listener.ended(
                    request.caller().id(),
                    request.caller().ownAccount(),
                    done.succeeded() && done.result().outcome() instanceof InitOutcome.Granted));
  }

  private Future<InitResult> admit(Request request) {
    if (lifecycle.draining()) {
      return denied(
          InitFailure.notSent(Problem.DRAINING, "This instance is being stopped.")
              .withRetryAfter(Duration.ofSeconds(1)));
    }
    if (!inFlight.tryEnter()) {
      return denied(
          InitFailure.notSent(Problem.OVERLOADED, "Too many requests are in flight.")
              .withRetryAfter(RetryAfters.spread(SOON, random)));
    }
    Future<InitResult> result;
    try {
      RequestCheck.Checked checked = check.check(request.body(), request.caller().redirectHosts());
      result = checked.fault() == null ? record(request, checked.body()) : denied(checked.fault());
    } catch (RuntimeException e) {
      inFlight.leave();
      return Future.failedFuture(e);
    }
    return result.onComplete(done -> inFlight.leave());
  }

  /** Nothing is done that could not be put on record. */
  private Future<InitResult> record(Request request, InitBody body) {
    if (!trail.open()) {
      return denied(
          InitFailure.notSent(Problem.OVERLOADED, "The audit record cannot be written.")
              .withRetryAfter(RetryAfters.spread(SOON, random)));
    }
    return answer(request).onComplete(done -> note(request, body, done.result()));
  }

  private void note(Request request, InitBody body, InitResult result) {
    String outcome = Problem.INTERNAL.slug();
    if (result != null && result.outcome() instanceof InitOutcome.Denied denied) {
      outcome = denied.failure().problem().slug();
    } else if (result != null) {
      outcome = result.replayed() ? "replayed" : "granted";
    }
    trail.note(
        clock.instant(),
        request.caller().id(),
        body.text("mobile"),
        body.text("email"),
        request.purpose(),
        outcome,
        request.correlationId());
  }

  private Future<InitResult> answer(Request request) {
    return request.key().isEmpty()
        ? ask(request, request.presence(), request.deadline()).map(InitResult::fresh)
        : duplicates.once(request, (presence, deadline) -> ask(request, presence, deadline));
  }

  private Future<InitOutcome> ask(Request request, CallerPresence presence, Deadline deadline) {
    Optional<CallerQuota> quota = request.caller().quota();
    if (quota.isPresent() && !quota.get().tryTake()) {
      long seconds = quota.get().standing().resetSeconds();
      return Future.succeededFuture(
          new InitOutcome.Denied(
              InitFailure.notSent(Problem.QUOTA_EXCEEDED, "The quota of this caller is used up.")
                  .withRetryAfter(Duration.ofSeconds(Math.max(1, seconds)))));
    }
    Span hop = spans.hop(request.trace(), request.correlationId());
    return partner
        .ask(commandOf(request, presence, deadline, hop.contextOr(request.trace())))
        .onSuccess(
            outcome -> {
              InitSpans.end(hop, outcome);
              if (outcome instanceof InitOutcome.Granted granted) {
                sessions.initiated(
                    granted.session(), request.correlationId(), request.caller().id());
              }
            });
  }

  private static InitCommand commandOf(
      Request request, CallerPresence presence, Deadline deadline, TraceParent trace) {
    return new InitCommand(
        request.correlationId(),
        request.caller().id(),
        request.caller().authorization(),
        request.caller().ownAccount(),
        trace,
        Payload.owning(request.body()),
        deadline,
        presence);
  }

  private static Future<InitResult> denied(InitFailure failure) {
    return Future.succeededFuture(InitResult.fresh(new InitOutcome.Denied(failure)));
  }
}
