package infopass.gateway.bus;

import infopass.gateway.digilocker.InstantText;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;

/**
 * Something that happened to a session: it began, it is about to end, it has ended. Holds no token,
 * link or personal data. Immutable.
 *
 * @param kind what happened
 * @param clientId the partner's id of the session
 * @param correlationId of the request that began it
 * @param caller who asked for it
 * @param state {@code active}, {@code expiring} or {@code expired}
 * @param expiresAt its end
 * @param remainingSeconds whole seconds left when this was told
 * @param takenOver whether another process was to tell it, which is gone: it may have done so
 */
public record SessionEvent(
    Kind kind,
    String clientId,
    String correlationId,
    String caller,
    String state,
    Instant expiresAt,
    long remainingSeconds,
    boolean takenOver) {

  /** One that nobody else was to tell. */
  public SessionEvent(
      Kind kind,
      String clientId,
      String correlationId,
      String caller,
      String state,
      Instant expiresAt,
      long remainingSeconds) {
    this(kind, clientId, correlationId, caller, state, expiresAt, remainingSeconds, false);
  }

  /** The same, told in the place of a process that is gone. */
  public SessionEvent asTakenOver() {
    return new SessionEvent(
        kind, clientId, correlationId, caller, state, expiresAt, remainingSeconds, true);
  }

  /** What happens in a session's life, in order, once each. */
  public enum Kind {
    INITIATED,
    EXPIRING,
    EXPIRED;

    private final String address = "infopass.digilocker.session." + name().toLowerCase(Locale.ROOT);

    /** Where it is published. */
    public String address() {
      return address;
    }
  }

  JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("clientId", clientId)
            .put("correlationId", correlationId)
            .put("caller", caller)
            .put("state", state)
            .put("expiresAt", InstantText.of(expiresAt))
            .put("remainingSeconds", remainingSeconds);
    return takenOver ? json.put("takenOver", true) : json;
  }

  static SessionEvent of(Kind kind, JsonObject json) {
    return new SessionEvent(
        kind,
        json.getString("clientId"),
        json.getString("correlationId"),
        json.getString("caller"),
        json.getString("state"),
        Instant.parse(json.getString("expiresAt")),
        json.getLong("remainingSeconds"),
        json.getBoolean("takenOver", false));
  }
}
