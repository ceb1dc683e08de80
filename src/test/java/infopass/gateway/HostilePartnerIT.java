package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * A partner whose answers break the rules of HTTP/1.1. Whatever the one caller is told, the next
 * one gets its own answer: there is one connection to the partner, so that it would be reused.
 */
@Timeout(60)
class HostilePartnerIT {
  private static final String ONE_CONNECTION =
      """
      infopass:
        instances: 1
        pool: {size: 1}
        timeouts: {connect: 1s, attempt: 2s, overall: 4s}
        retry: {maxAttempts: 1}
        circuitBreaker: {minimumCalls: 100000}
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 199 Odd\r\nX-A: b\r\n\r\n"
      })
  void interimAnswersArePassedOver(String interim) {
    try (ScriptedPartner partner =
            new ScriptedPartner(
                (request, connection, out) -> {
                  ScriptedPartner.write(out, interim);
                  ScriptedPartner.write(out, ScriptedPartner.link(request));
                });
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), ONE_CONNECTION)) {
      for (int request = 1; request <= 3; request++) {
        assertGranted(request, gateway.initFor("Test Kumar"));
      }
      assertEquals(1, partner.connections());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A switch of protocols that nobody asked for, and interim answers without end.
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        "many interim answers",
        // The connection ends within the head.
        "HTTP/1.1 200 OK\r\nContent-Ty",
        "HTTP/1.1 2"
      })
  void aConnectionThatIsLostWithoutAnAnswerIsAFailureOfThePartner(String says) {
    assertOnlyTheFirstSuffers(
        (connection, out) -> {
          String bytes =
              says.startsWith("many") ? "HTTP/1.1 102 Processing\r\n\r\n".repeat(50) : says;
          ScriptedPartner.write(out, bytes);
          connection.shutdownOutput();
        },
        502,
        "upstream-failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nextra",
        "HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Le",
      })
  void whatComesBehindAFailureIsNobodysAnswer(String says) {
    assertOnlyTheFirstSuffers(
        (connection, out) -> ScriptedPartner.write(out, says), 502, "upstream-failed");
  }

  @Test
  void aBodyWhereNoneCanBeIsNobodysAnswer() {
    assertOnlyTheFirstSuffers(
        (connection, out) ->
            ScriptedPartner.write(out, "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nextra"),
        502,
        "upstream-malformed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "\r\n"})
  void whatComesBehindALinkIsNobodysAnswer(String rest) {
    try (ScriptedPartner partner =
            new ScriptedPartner(
                (request, connection, out) ->
                    ScriptedPartner.write(out, ScriptedPartner.link(request) + rest));
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), ONE_CONNECTION)) {
      for (int request = 1; request <= 3; request++) {
        assertGranted(request, gateway.initFor("Test Kumar"));
      }
      assertEquals(3, partner.connections(), "each was used once");
    }
  }

  @Test
  void whatComesOnAnIdleConnectionIsNobodysAnswer() {
    Socket[] idle = new Socket[1];
    try (ScriptedPartner partner =
            new ScriptedPartner(
                (request, connection, out) -> {
                  idle[0] = connection;
                  ScriptedPartner.write(out, ScriptedPartner.link(request));
                });
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), ONE_CONNECTION)) {
      // Given
      assertGranted(1, gateway.initFor("Test Kumar"));

      // When
      ScriptedPartner.write(idle[0].getOutputStream(), "HTTP/1.1 200 OK\r\nContent-Le");

      // Then
      Until.holds(idle[0]::isClosed);
      assertGranted(2, gateway.initFor("Test Kumar"));
      assertEquals(2, partner.connections());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, 422, upstream-rejected, rejected",
    "401, 401, unauthenticated, rejected",
    "429, 503, upstream-busy, rejected",
    "503, 503, upstream-busy, rejected",
    "500, 502, upstream-failed, unknown",
    "302, 502, upstream-failed, unknown",
    "200, 502, upstream-malformed, unknown"
  })
  void anAnswerThatIsTooLargeSaysWhatItsStatusSays(
      int says, int status, String slug, String outcome) {
    String page = "x".repeat(70_000);
    try (ScriptedPartner partner =
            new ScriptedPartner(
                (request, connection, out) ->
                    ScriptedPartner.write(
                        out,
                        request > 1
                            ? ScriptedPartner.link(request)
                            : "HTTP/1.1 "
                                + says
                                + " X\r\nRetry-After: 3\r\nContent-Length: 70000\r\n\r\n"
                                + page));
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), ONE_CONNECTION)) {
      HttpResponse<String> answer = gateway.initFor("Test Kumar");
      JsonObject problem = Problems.check(answer, status, slug);
      assertEquals(outcome, problem.getString("outcome"));
      if (status == 503) {
        assertEquals(3, problem.getInteger("retryAfterSeconds"));
      }
      assertGranted(2, gateway.initFor("Test Kumar"));
    }
  }

  @Test
  void whatCannotBeReadIsInNoLog() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    log.start();
    root.addAppender(log);
    try {
      assertOnlyTheFirstSuffers(
          (connection, out) ->
              ScriptedPartner.write(
                  out, "{\"clientId\":\"secret-id\",\"token\":\"secret-token\"}\r\n\r\n"),
          502,
          "upstream-malformed");
    } finally {
      root.detachAppender(log);
    }
    for (ILoggingEvent event : List.copyOf(log.list)) {
      String shown = event + " " + event.getThrowableProxy();
      assertFalse(shown.toLowerCase(Locale.ROOT).contains("secret"), shown);
    }
  }

  /** What the partner says to the first request. */
  private interface First {
    void answer(Socket connection, OutputStream out) throws IOException;
  }

  private static void assertOnlyTheFirstSuffers(First first, int status, String slug) {
    try (ScriptedPartner partner =
            new ScriptedPartner(
                (request, connection, out) -> {
                  if (request == 1) {
                    first.answer(connection, out);
                  } else {
                    ScriptedPartner.write(out, ScriptedPartner.link(request));
                  }
                });
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), ONE_CONNECTION)) {
      // When
      HttpResponse<String> answer = gateway.initFor("Test Kumar");

      // Then
      Problems.check(answer, status, slug);
      assertEquals("unknown", RunningGateway.json(answer).getString("outcome"));
      assertGranted(2, gateway.initFor("Test Kumar"));
      assertGranted(3, gateway.initFor("Test Kumar"));
      assertEquals(2, partner.connections(), "the spoilt one was given up");
    }
  }

  private static void assertGranted(int request, HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals(
        "digilocker_for" + request,
        RunningGateway.json(answer).getJsonObject("data").getString("clientId"));
  }
}
