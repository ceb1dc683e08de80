package infopass.gateway.intake;

import infopass.gateway.digilocker.CountdownLinks;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.InstantText;
import infopass.gateway.digilocker.TokenExpiry;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/**
 * Writes the answer of a successful init: the partner's document byte for byte, with {@code
 * correlationId} and {@code countdown} appended. Thread-safe.
 */
final class InitAnswer {
  private final CountdownLinks links;
  private final Clock clock;

  InitAnswer(CountdownLinks links, Clock clock) {
    this.links = links;
    this.clock = clock;
  }

  /**
   * @param correlationId one that needs no escaping in JSON
   */
  Buffer write(InitSession session, String correlationId) {
    TokenExpiry expiry = session.expiry();
    // The client id is the partner's word and is percent-encoded in the link: no escaping needed.
    String appended =
        ",\"correlationId\":\""
            + correlationId
            + "\",\"countdown\":{\"issuedAt\":\""
            + InstantText.of(expiry.issuedAt())
            + "\",\"expiresAt\":\""
            + InstantText.of(expiry.expiresAt())
            + "\",\"remainingSeconds\":"
            + expiry.remainingSeconds(clock.instant())
            + ",\"url\":\""
            + links.linkTo(session.clientId(), expiry.expiresAt())
            + "\"}}";
    byte[] tail = appended.getBytes(StandardCharsets.ISO_8859_1);
    int head = session.appendAt();
    byte[] whole = new byte[head + tail.length];
    System.arraycopy(session.document().bytes(), 0, whole, 0, head);
    System.arraycopy(tail, 0, whole, head, tail.length);
    return Buffer.buffer(whole);
  }
}
