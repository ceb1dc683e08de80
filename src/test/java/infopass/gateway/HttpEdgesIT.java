package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What RFC 9110 and 9112 say beside the framing, on raw connections. */
class HttpEdgesIT {
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "keep-alive, close", "close, keep-alive", "x,CLOSE ,y"})
  void aCallerWhoSaysCloseAmongOtherOptionsIsTakenAtItsWord(String connection) {
    try (RawHttp raw = RawHttp.to(gateway.port())) {
      raw.send(
          "GET /problems/not-found HTTP/1.1\r\nHost: a\r\nConnection: " + connection + "\r\n\r\n");
      RawHttp.Answer answer = raw.answer();
      assertEquals(200, answer.status());
      assertTrue(answer.closes());
      assertEquals("", raw.untilClosed());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, HTTP://localhost/problems/not-found, localhost, 200",
    "GET, HtTp://localhost/problems/not-found, localhost, 200",
    "GET, /problems/not-found, [::1], 200",
    "GET, /problems/not-found, [::1]:8080, 200",
    "GET, /problems/not-found, [], 400",
    "GET, /problems/not-found, [::g], 400",
    "GET, /problems/not-found, [:], 400",
    "GET, /problems/not-found, [-_], 400",
    "GET, /problems/not-found, [::1, 400"
  })
  void hostsAndSchemesAreReadAsTheyAreDefined(
      String method, String target, String host, int status) {
    try (RawHttp raw = RawHttp.to(gateway.port())) {
      raw.send(method + ' ' + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
      assertEquals(status, raw.answer().status());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/v1/in/digilocker/init, 401",
    "POST, /nowhere, 404",
    "PUT, /api/v1/in/digilocker/init, 405",
    "GET, /problems/not-found, 200"
  })
  void anAnswerThatWasGivenArrivesAlsoWhereTheBodyIsBroken(String method, String path, int status) {
    for (int i = 0; i < 5; i++) {
      try (RawHttp raw = RawHttp.to(gateway.port())) {
        raw.send(
            method
                + ' '
                + path
                + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        assertEquals(status, raw.answer().status());
        assertEquals("", raw.untilClosed());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "identity, gzip", "x"})
  void aContentCodingIsRefused(String coding) {
    try (RawHttp raw = RawHttp.to(gateway.port())) {
      raw.send(RawInit.seed().with("Content-Encoding: " + coding).bytes());
      RawHttp.Answer answer = raw.answer();
      Problems.check(answer, 415, "unsupported-media-type");
      assertEquals("identity", answer.header("Accept-Encoding"));
    }
  }

  @Test
  void identityIsNoContentCoding() {
    try (RawHttp raw = RawHttp.to(gateway.port())) {
      raw.send(RawInit.seed().with("Content-Encoding: identity").bytes());
      assertEquals(200, raw.answer().status());
    }
  }

  @Test
  void aCallerOfALargeBodySeesWhyItWasRefused() {
    try (RawHttp raw = RawHttp.to(gateway.port())) {
      byte[] body = "x".repeat(10_000_000).getBytes(StandardCharsets.ISO_8859_1);
      raw.send(RawInit.seed().body(body).bytes());
      Problems.check(raw.answer(), 413, "body-too-large");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "expires=1&signature=%zz",
    "expires=%&signature=x",
    "expires=%zz",
    "x=%zz",
    "signature=%"
  })
  void aLinkThatCannotBeReadIsNotSigned(String query) {
    try (RawHttp raw = RawHttp.to(gateway.port())) {
      raw.send(
          "GET /api/v1/in/digilocker/countdown/digilocker_x?"
              + query
              + " HTTP/1.1\r\nHost: a\r\n\r\n");
      Problems.check(raw.answer(), 403, "bad-signature");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/event-stream | text/event-stream",
        "text/event-stream;q=0 | application/json",
        "text/event-stream; q=0.000, application/json | application/json",
        "application/json, text/event-stream;q=0 | application/json",
        "text/html, text/event-stream;charset=utf-8 | text/event-stream",
        "*/* | application/json"
      })
  void aCountdownComesAsItIsAskedFor(String accept, String contentType) {
    String link =
        RunningGateway.json(gateway.initFor("Test Kumar"))
            .getJsonObject("countdown")
            .getString("url");
    try (RawHttp raw = RawHttp.to(gateway.port())) {
      raw.send("GET " + link + " HTTP/1.1\r\nHost: a\r\nAccept: " + accept + "\r\n\r\n");
      boolean stream = contentType.equals("text/event-stream");
      RawHttp.Answer answer = stream ? raw.answerToHead() : raw.answer();
      assertEquals(contentType, answer.header("Content-Type"));
    }
  }

  @Test
  void aWebSocketOfAnotherVersionLearnsOurs() {
    String link =
        RunningGateway.json(gateway.initFor("Test Kumar"))
            .getJsonObject("countdown")
            .getString("url");
    try (RawHttp raw = RawHttp.to(gateway.port())) {
      raw.send(
          "GET "
              + link
              + " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              + "Sec-WebSocket-Version: 12\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      RawHttp.Answer answer = raw.answer();
      Problems.check(answer, 400, "invalid-request");
      assertEquals("13", answer.header("Sec-WebSocket-Version"));
    }
  }

  @Test
  void anUpgradeThatIsNoneGetsASnapshot() {
    String link =
        RunningGateway.json(gateway.initFor("Test Kumar"))
            .getJsonObject("countdown")
            .getString("url");
    try (RawHttp raw = RawHttp.to(gateway.port())) {
      raw.send(
          "GET "
              + link
              + " HTTP/1.1\r\nHost: a\r\nConnection: not-upgrade-x\r\nUpgrade: websocket\r\n\r\n");
      assertEquals("application/json", raw.answer().header("Content-Type"));
    }
  }
}
