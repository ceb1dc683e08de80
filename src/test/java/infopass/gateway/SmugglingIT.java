package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests behind requests on one connection: each its own answer, or none at all. */
class SmugglingIT {
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void clearJournal() {
    gateway.journal().clear();
  }

  private static RawInit named(String correlationId, String name) {
    return RawInit.seed()
        .with("X-Correlation-Id: " + correlationId)
        .body(RunningGateway.body(name));
  }

  private static String text(RawInit request) {
    return new String(request.bytes(), ISO_8859_1);
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderEachWithItsOwnId() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When: the first takes longer than the others
      connection.send(
          text(named("first", "Slow 200"))
              + text(named("second", "Test").chunked(7))
              + text(named("third", "Reject 0x0422"))
              + "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nX-Correlation-Id: fourth\r\n\r\n"
              + text(named("fifth", "Test")));

      // Then
      List<String> answers = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        RawHttp.Answer answer = connection.answer();
        assertEquals(
            answer.header("X-Correlation-Id"),
            new JsonObject(answer.body()).getString("correlationId"));
        answers.add(answer.status() + " " + answer.header("X-Correlation-Id"));
      }
      assertEquals(
          List.of("200 first", "200 second", "422 third", "404 fourth", "200 fifth"), answers);
    }
    assertEquals(4, gateway.journal().total());
  }

  @Test
  void aBodyThatNobodyReadIsNotTakenForARequest() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // Given: a refusal before the body was read, and a body that looks like a request
      String hidden = text(named("hidden", "Test"));

      // When
      connection.send(
          text(RawInit.seed().without("Authorization").body(hidden)) + text(named("next", "Test")));

      // Then
      assertEquals(401, connection.answer().status());
      RawHttp.Answer next = connection.answer();
      assertEquals(200, next.status());
      assertEquals("next", next.header("X-Correlation-Id"));
    }
    assertEquals(1, gateway.journal().total());
  }

  static List<String> framingErrors() {
    RawInit seed = RawInit.seed();
    return List.of(
        text(seed.with("Content-Length: 0")),
        text(seed.with("Transfer-Encoding: chunked")),
        text(seed.with("Transfer-Encoding: xchunked")),
        text(seed.with("Transfer-Encoding : chunked")),
        text(seed.with("Transfer-Encoding:\u000bchunked")),
        text(
            seed.requestLine("POST " + RunningGateway.INIT + " HTTP/1.0")
                .chunked(9)
                .with("Content-Length: 3")),
        text(seed.without("Host")),
        text(seed.with("Host: other")),
        text(seed.target("*")),
        text(seed.requestLine("POST " + RunningGateway.INIT + " HTTP/3.0")),
        text(seed.unannounced().with("Transfer-Encoding: chunked").body("zz\r\n")),
        text(seed.with("Expect: tea")),
        text(seed.with("X-A: " + "v".repeat(9_000))));
  }

  @ParameterizedTest
  @MethodSource("framingErrors")
  void nothingBehindARefusedFramingIsAnsweredOrWorkedOn(String refused) {
    // Given: in one packet, so that it is read in one go
    String behind = text(named("smuggled-1", "Test")) + text(named("smuggled-2", "Test"));
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send(refused + behind);

      // Then
      RawHttp.Answer refusal = connection.answer();
      assertTrue(refusal.status() >= 400, refusal.statusLine());
      assertTrue(refusal.closes(), () -> refusal.statusLine() + refusal.headers());
      assertEquals("", connection.untilClosed());
    }
    assertEquals(0, gateway.journal().total());
  }

  @Test
  void connectionCloseIsTheCallersLastWord() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      connection.send(
          text(named("last", "Test").with("Connection: close")) + text(named("late", "Test")));
      assertEquals("last", connection.answer().header("X-Correlation-Id"));
      assertEquals("", connection.untilClosed());
    }
    assertEquals(1, gateway.journal().total());
  }
}
