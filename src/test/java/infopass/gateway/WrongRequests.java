package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * What tests of requests that are wrong in one way each share: a gateway, and what is to be true
 * after each of them.
 */
abstract class WrongRequests {
  static final String SEED = RunningGateway.SEED;
  static final String INIT = RunningGateway.INIT;

  static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start("http: {host: 127.0.0.1, port: 0, requestTimeout: 300ms}");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void clearJournal() {
    gateway.journal().clear();
  }

  /** One way to be wrong, and what it is answered. */
  record Wrong(String what, byte[] request, int status, String slug) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Wrong wrong(String what, RawInit request, int status, String slug) {
    return new Wrong(what, request.bytes(), status, slug);
  }

  static Wrong wrong(String what, String request, int status, String slug) {
    return new Wrong(what, request.getBytes(ISO_8859_1), status, slug);
  }

  /**
   * It is refused once and the connection ended, whatever follows on it; the next connection is
   * served.
   */
  static void assertEndsTheConnection(Wrong wrong, byte[] after) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send(wrong.request()).send(after);

      // Then
      RawHttp.Answer refusal = connection.answer();
      Problems.check(refusal, wrong.status(), wrong.slug());
      assertTrue(refusal.closes(), () -> refusal.headers().toString());
      assertEquals("", connection.untilClosed());
    }
    assertEquals(0, gateway.journal().total());
    assertServesTheNext();
  }

  /** The connection is in step: another request on it gets its own answer. */
  static void assertServes(RawHttp connection) {
    RawHttp.Answer next =
        connection.send(RawInit.seed().with("X-Correlation-Id: in-step").bytes()).answer();
    assertEquals(200, next.status(), next.body());
    assertEquals("in-step", next.header("X-Correlation-Id"));
  }

  static void assertServesTheNext() {
    try (RawHttp next = RawHttp.to(gateway.port())) {
      RawHttp.Answer answer = next.send(RawInit.seed().bytes()).answer();
      assertEquals(200, answer.status(), answer.body());
      assertNull(answer.header("Retry-After"));
      assertNotNull(answer.header("Server-Timing"));
    }
  }
}
