package infopass.gateway.digilocker;

import java.util.Objects;

/**
 * One checked request for a DigiLocker link, on its way to the partner. Immutable but for {@link
 * #presence}, which is thread-safe; passes over the event bus by identity.
 *
 * @param correlationId names the request in every answer, log line and at the partner
 * @param caller who asks: for fairness and counting, not for trust
 * @param authorization the value of the Authorization header for the partner; a secret
 * @param ownAccount whether those are the gateway's own credentials rather than the caller's
 * @param trace the W3C trace context to send on
 * @param body the caller's JSON, byte for byte; personal data
 * @param deadline when the answer must be there
 * @param presence whether the caller still waits
 */
public record InitCommand(
    String correlationId,
    String caller,
    String authorization,
    boolean ownAccount,
    TraceParent trace,
    Payload body,
    Deadline deadline,
    CallerPresence presence) {

  public InitCommand {
    Objects.requireNonNull(correlationId, "correlationId");
    Objects.requireNonNull(caller, "caller");
    Objects.requireNonNull(authorization, "authorization");
    Objects.requireNonNull(trace, "trace");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(deadline, "deadline");
    Objects.requireNonNull(presence, "presence");
  }

  /** Shows the correlation id only: the rest is secret or personal. */
  @Override
  public String toString() {
    return "InitCommand[" + correlationId + "]";
  }
}
