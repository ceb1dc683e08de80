package infopass.gateway.bus;

import infopass.gateway.digilocker.TokenExpiry;
import java.util.Objects;

/**
 * A link, for a verticle that asked. Immutable. {@link #toString()} shows neither token nor link.
 *
 * @param clientId the partner's id of the session
 * @param token the partner's token
 * @param url the link that the person is sent to
 * @param expiry from when until when it can be used
 * @param correlationId names the request in logs
 * @param countdownUrl where the countdown can be watched
 */
public record InitReply(
    String clientId,
    String token,
    String url,
    TokenExpiry expiry,
    String correlationId,
    String countdownUrl) {

  public InitReply {
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(expiry, "expiry");
    Objects.requireNonNull(correlationId, "correlationId");
    Objects.requireNonNull(countdownUrl, "countdownUrl");
  }

  @Override
  public String toString() {
    return "InitReply[" + clientId + ", correlationId=" + correlationId + "]";
  }
}
