package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is unusual and right, and what has to end in time. */
class UnusualInputIT extends WrongRequests {
  @Test
  void servesTheAbsoluteForm() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      RawInit request = RawInit.seed().target("http://localhost" + INIT);
      assertEquals(200, connection.send(request.bytes()).answer().status());
    }
  }

  @Test
  void servesAChunkedBodyWithExtensionsAndTrailers() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      RawInit request =
          RawInit.seed()
              .unannounced()
              .with("Transfer-Encoding: chunked")
              .body(
                  Integer.toHexString(SEED.length())
                      + ";a=b\r\n"
                      + SEED
                      + "\r\n0\r\nX-Trailer: y\r\n\r\n");
      assertEquals(200, connection.send(request.bytes()).answer().status());
      assertServes(connection);
    }
  }

  @Test
  void servesHttp10AndClosesAfterwards() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send(RawInit.seed().requestLine("POST " + INIT + " HTTP/1.0").bytes());

      // Then
      assertEquals(200, connection.answer().status());
      assertEquals("", connection.untilClosed());
    }
  }

  @Test
  void sends100ContinueBeforeTheBodyAndThenTheAnswer() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // Given
      RawInit request = RawInit.seed().with("Expect: 100-continue");
      connection.send(request.head());

      // When
      RawHttp.Answer interim = connection.answer();

      // Then
      assertEquals(100, interim.status());
      assertEquals(200, connection.send(request.content()).answer().status());
      assertServes(connection);
    }
  }

  @Test
  void refusesBadCredentialsWithoutAskingForTheBody() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send(RawInit.seed().without("Authorization").with("Expect: 100-continue").head());

      // Then
      RawHttp.Answer refusal = connection.answer();
      Problems.check(refusal, 401, "unauthenticated");
      assertTrue(refusal.closes(), "the body may or may not follow");
    }
  }

  @Test
  void refusesALargeBodyWithoutAskingForIt() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send(RawInit.seed().body("x".repeat(20_000)).with("Expect: 100-continue").head());

      // Then
      Problems.check(connection.answer(), 413, "body-too-large");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"200-ok", "100-continue, x", "x=y"})
  void refusesAnExpectationThatItDoesNotKnow(String expectation) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send(RawInit.seed().with("Expect: " + expectation).bytes());

      // Then
      Problems.check(connection.answer(), 417, "expectation-failed");
      assertEquals(0, gateway.journal().total());
    }
  }

  @Test
  void ignoresOffersToUpgrade() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      RawInit h2c =
          RawInit.seed()
              .with("Connection: Upgrade, HTTP2-Settings")
              .with("Upgrade: h2c")
              .with("HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA");
      assertEquals(200, connection.send(h2c.bytes()).answer().status());
    }
  }

  @Test
  void givesUpOnABodyThatDoesNotArriveInTime() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // Given
      RawInit request = RawInit.seed();
      connection.send(request.head()).send(Arrays.copyOf(request.content(), 20));

      // When
      RawHttp.Answer refusal = connection.answer();

      // Then
      Problems.check(refusal, 408, "request-timeout");
      assertTrue(refusal.closes());
      assertEquals("", connection.untilClosed());
    }
    assertEquals(0, gateway.journal().total());
    assertServesTheNext();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/problems/%zz",
        "/problems/%",
        "/problems/not-found?x=%zz",
        "/api/v1/in/digilocker/countdown/x?expires=%zz&signature=y",
        "/api/v1/in/digilocker/countdown/x?expires=1&signature=%",
        "/api/v1/in/digilocker/countdown/%zz?expires=1&signature=y",
        "/api/v1/in/digilocker/countdown/x?expires=99999999999999&signature=y",
        "/api/v1/in/digilocker/countdown/x?expires=-1&signature=y",
        "/api/v1/in/digilocker/countdown/x?expires=1",
        "/api/v1/in/digilocker/countdown/x?signature=y",
        "/api/v1/in/digilocker/countdown/x",
        "/api/v1/in/digilocker/countdown/%ff%fe?expires=1&signature=y"
      })
  void neverAnswersATargetWithAnErrorOfItsOwn(String target) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

      // Then
      RawHttp.Answer answer = connection.answer();
      assertTrue(answer.status() < 500, answer.body());
      if (target.contains("/countdown/") && answer.status() != 400) {
        Problems.check(answer, 403, "bad-signature");
      }
      assertServes(connection);
    }
  }
}
