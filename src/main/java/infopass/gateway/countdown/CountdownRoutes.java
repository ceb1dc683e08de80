package infopass.gateway.countdown;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.TokenExpiry;
import infopass.gateway.http.Endpoint;
import infopass.gateway.http.Exchange;
import infopass.gateway.http.RouteGroup;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * {@code GET /api/v1/in/digilocker/countdown/{clientId}}: how long a link can still be used. The
 * signature is the authorisation, so a browser can ask; nothing is looked up. Belongs to one event
 * loop.
 */
public final class CountdownRoutes implements RouteGroup {
  private static final int MAX_EXPIRES_DIGITS = 12;

  private final SignedLinks links;
  private final Duration expiringAt;
  private final Clock clock;

  public CountdownRoutes(SignedLinks links, Duration expiringAt, Clock clock) {
    this.links = links;
    this.expiringAt = expiringAt;
    this.clock = clock;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            HttpMethod.GET,
            SignedLinks.PATH + ":clientId",
            "How long a link can still be used",
            this::snapshot));
  }

  private void snapshot(Exchange exchange) {
    String clientId = exchange.pathParam("clientId");
    String expires = exchange.request().getParam("expires");
    String signature = exchange.request().getParam("signature");
    if (expires == null
        || signature == null
        || !expires.matches("\\d{1," + MAX_EXPIRES_DIGITS + "}")
        || !links.verifies(clientId, Long.parseLong(expires), signature)) {
      exchange.fail(
          InitFailure.of(Problem.BAD_SIGNATURE, "The link's signature does not fit the link."));
      return;
    }
    Instant expiresAt = Instant.ofEpochSecond(Long.parseLong(expires));
    long remaining = new TokenExpiry(Instant.EPOCH, expiresAt).remainingSeconds(clock.instant());
    JsonObject body =
        new JsonObject()
            .put("clientId", clientId)
            .put("state", stateOf(remaining))
            .put("expiresAt", expiresAt.toString())
            .put("remainingSeconds", remaining);
    exchange
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .reply(200, "application/json", Buffer.buffer(body.encode()));
  }

  private String stateOf(long remainingSeconds) {
    if (remainingSeconds == 0) {
      return "expired";
    }
    return remainingSeconds <= expiringAt.toSeconds() ? "expiring" : "active";
  }
}
