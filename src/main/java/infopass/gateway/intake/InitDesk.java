package infopass.gateway.intake;

import infopass.gateway.bus.InitBus;
import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.FieldFault;
import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.SessionWatch;
import infopass.gateway.digilocker.TraceParent;
import infopass.gateway.http.Lifecycle;
import infopass.gateway.json.MalformedJsonException;
import infopass.gateway.json.NotAnObjectException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Where both doors bring a request: admission, strict reading, all checks, and the question to the
 * partner side. Belongs to one event loop; what its instances share is thread-safe.
 */
final class InitDesk {
  private final InitConfig rules;
  private final RedirectHosts redirectHosts;
  private final InFlight inFlight;
  private final Lifecycle lifecycle;
  private final InitBus.Asker partner;
  private final SessionWatch sessions;

  InitDesk(
      InitConfig rules,
      InFlight inFlight,
      Lifecycle lifecycle,
      InitBus.Asker partner,
      SessionWatch sessions) {
    this.rules = rules;
    this.redirectHosts = new RedirectHosts(rules.redirectHosts());
    this.inFlight = inFlight;
    this.lifecycle = lifecycle;
    this.partner = partner;
    this.sessions = sessions;
  }

  /**
   * A request as a door took it.
   *
   * @param ownAccount whether the credentials are the gateway's own
   * @param body the JSON document, unread
   */
  record Request(
      String correlationId,
      String caller,
      String authorization,
      boolean ownAccount,
      TraceParent trace,
      byte[] body,
      Deadline deadline,
      CallerPresence presence) {

    @Override
    public String toString() {
      return "Request[" + correlationId + "]";
    }
  }

  /** Works on one request. Every expected end is an outcome; a failed future is a bug. */
  Future<InitOutcome> handle(Request request) {
    if (lifecycle.draining()) {
      return denied(
          InitFailure.notSent(Problem.DRAINING, "This instance is being stopped.")
              .withRetryAfter(Duration.ofSeconds(1)));
    }
    if (!inFlight.tryEnter()) {
      return denied(
          InitFailure.notSent(Problem.OVERLOADED, "Too many requests are in flight.")
              .withRetryAfter(Duration.ofSeconds(1)));
    }
    Future<InitOutcome> outcome;
    try {
      InitFailure fault = faultOf(request.body());
      outcome = fault == null ? partner.ask(commandOf(request)) : denied(fault);
    } catch (RuntimeException e) {
      inFlight.leave();
      return Future.failedFuture(e);
    }
    return outcome.onComplete(done -> over(request, done.result()));
  }

  private void over(Request request, InitOutcome outcome) {
    inFlight.leave();
    if (outcome instanceof InitOutcome.Granted granted) {
      sessions.initiated(granted.session(), request.correlationId(), request.caller());
    }
  }

  private InitFailure faultOf(byte[] bytes) {
    InitBody body;
    try {
      body = InitBody.read(bytes);
    } catch (NotAnObjectException e) {
      return invalid(List.of(new FieldFault("#", e.getMessage())));
    } catch (MalformedJsonException e) {
      return InitFailure.notSent(
          Problem.MALFORMED_JSON, "The body is not strict JSON: " + e.getMessage() + ".");
    }
    List<FieldFault> faults = body.faults(rules);
    if (!faults.isEmpty()) {
      return invalid(faults);
    }
    String url = body.text("redirectUrl");
    if (url != null && !RedirectUrl.host(url).map(redirectHosts::allows).orElse(false)) {
      return InitFailure.notSent(
              Problem.REDIRECT_NOT_ALLOWED, "The host of redirectUrl is not on the allow-list.")
          .withErrors(List.of(new FieldFault("#/redirectUrl", "names a host that is not allowed")));
    }
    return null;
  }

  private static InitFailure invalid(List<FieldFault> faults) {
    return InitFailure.notSent(
            Problem.INVALID_REQUEST,
            faults.size() == 1
                ? "The body has one fault."
                : "The body has " + faults.size() + " faults.")
        .withErrors(faults);
  }

  private static InitCommand commandOf(Request request) {
    return new InitCommand(
        request.correlationId(),
        request.caller(),
        request.authorization(),
        request.ownAccount(),
        request.trace(),
        Payload.owning(request.body()),
        request.deadline(),
        request.presence());
  }

  private static Future<InitOutcome> denied(InitFailure failure) {
    return Future.succeededFuture(new InitOutcome.Denied(failure));
  }
}
