package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The request of the partner's documentation, byte for byte, through the whole gateway. */
class SeedIT {
  @Test
  void theDocumentedRequestIsAnsweredWithTheEnvelopeACorrelationIdAndACountdown() {
    try (RunningGateway gateway = RunningGateway.start()) {
      // When
      HttpResponse<String> response =
          gateway.send(
              gateway.init(RunningGateway.SEED).header("X-Correlation-Id", "onboarding-42"));

      // Then
      assertEquals(200, response.statusCode(), response.body());
      JsonObject body = RunningGateway.json(response);
      assertEquals("0x0200", body.getString("code"));
      assertEquals("SUCCESS", body.getString("status"));
      assertEquals("onboarding-42", body.getString("correlationId"));
      assertEquals("onboarding-42", response.headers().firstValue("X-Correlation-Id").get());
      assertEquals("no-store", response.headers().firstValue("Cache-Control").get());
      assertTrue(
          response
              .headers()
              .firstValue("Server-Timing")
              .get()
              .matches("infopass;dur=\\d+\\.\\d, gateway;dur=\\d+\\.\\d"));
      JsonObject countdown = body.getJsonObject("countdown");
      Instant issuedAt = Instant.parse(countdown.getString("issuedAt"));
      Instant expiresAt = Instant.parse(countdown.getString("expiresAt"));
      assertEquals(Duration.ofSeconds(600), Duration.between(issuedAt, expiresAt));
      assertTrue(countdown.getInteger("remainingSeconds") >= 595);
      assertTrue(countdown.getInteger("remainingSeconds") <= 600);
      HttpResponse<String> snapshot = gateway.get(countdown.getString("url"));
      assertEquals(200, snapshot.statusCode());
      assertEquals("active", RunningGateway.json(snapshot).getString("state"));
    }
  }
}
