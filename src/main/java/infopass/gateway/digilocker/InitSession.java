package infopass.gateway.digilocker;

import java.time.Duration;
import java.util.Objects;

/**
 * A link that the partner gave.
 *
 * @param clientId the partner's id of the session
 * @param document the partner's envelope, byte for byte; it holds the token and the link
 * @param appendAt index in the document of the brace that closes it: where members may be appended
 * @param expiry from when until when the link can be used
 * @param partnerTime how long the partner was waited for, all attempts together
 */
public record InitSession(
    String clientId, Payload document, int appendAt, TokenExpiry expiry, Duration partnerTime) {

  public InitSession {
    Objects.requireNonNull(clientId, "clientId");
    Objects.requireNonNull(document, "document");
    Objects.requireNonNull(expiry, "expiry");
    Objects.requireNonNull(partnerTime, "partnerTime");
    Objects.checkIndex(appendAt, document.length());
  }

  /** Shows the client id and the expiry only: the document holds the token. */
  @Override
  public String toString() {
    return "InitSession[" + clientId + ", expiresAt=" + expiry.expiresAt() + "]";
  }
}
