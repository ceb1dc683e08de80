package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the partner says it did not process is sent again, and says nothing of its health. */
@Timeout(60)
class NotProcessedIT {
  private static final String CONFIG =
      """
      infopass:
        retry: {backoff: {initial: 1ms, max: 2ms}, budget: {minPerSecond: 100}}
        circuitBreaker: {minimumCalls: 2, window: 60s, openFor: 60s}
      """;

  private static final String TIMEOUT =
      "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  private static final String TOO_EARLY = "HTTP/1.1 425 Too Early\r\nContent-Length: 0\r\n\r\n";

  @Test
  void sendsAgainWhatAnIdleConnectionTimedOut() {
    try (ScriptedPartner partner =
            new ScriptedPartner(
                (request, connection, out) -> {
                  boolean first = request % 2 == 1;
                  ScriptedPartner.write(out, first ? TIMEOUT : ScriptedPartner.link(request));
                  if (first) {
                    connection.close();
                  }
                });
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), CONFIG)) {
      for (int i = 0; i < 3; i++) {
        assertEquals(200, gateway.initFor("Test Kumar").statusCode());
      }
    }
  }

  @Test
  void sendsAgainWhatCameTooEarly() {
    try (ScriptedPartner partner =
            new ScriptedPartner(
                (request, connection, out) ->
                    ScriptedPartner.write(
                        out, request % 2 == 1 ? TOO_EARLY : ScriptedPartner.link(request)));
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), CONFIG)) {
      for (int i = 0; i < 3; i++) {
        assertEquals(200, gateway.initFor("Test Kumar").statusCode());
      }
    }
  }

  @Test
  void saysThatItIsBusyWhereItNeverProcessesIt() {
    try (ScriptedPartner partner =
            new ScriptedPartner(
                (request, connection, out) -> ScriptedPartner.write(out, TOO_EARLY));
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), CONFIG)) {
      // When
      HttpResponse<String> response = gateway.initFor("Test Kumar");

      // Then
      JsonObject problem = RunningGateway.json(response);
      assertEquals(503, response.statusCode());
      assertEquals("/problems/upstream-busy", problem.getString("type"));
      assertEquals("rejected", problem.getString("outcome"));
    }
  }
}
