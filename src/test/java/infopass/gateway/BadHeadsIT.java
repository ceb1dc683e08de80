package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads that are wrong in one way each: the body is not looked at, and the connection is kept. */
class BadHeadsIT extends WrongRequests {
  static List<Wrong> wrongContentTypes() {
    List<Wrong> wrongs = new ArrayList<>();
    wrongs.add(
        wrong("none", RawInit.seed().without("Content-Type"), 415, "unsupported-media-type"));
    for (String type :
        List.of(
            "",
            "text/plain",
            "text/json",
            "application/jsonx",
            "application/problem+json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json, text/plain")) {
      wrongs.add(
          wrong(
              type,
              RawInit.seed().changed("Content-Type: " + type),
              415,
              "unsupported-media-type"));
    }
    wrongs.add(
        wrong(
            "two",
            RawInit.seed().with("Content-Type: application/json"),
            415,
            "unsupported-media-type"));
    return wrongs;
  }

  static List<Wrong> badCredentials() {
    List<Wrong> wrongs = new ArrayList<>();
    wrongs.add(wrong("none", RawInit.seed().without("Authorization"), 401, "unauthenticated"));
    for (String value :
        List.of(
            "",
            "Basic",
            "Basic ",
            "Basicdxnlcjpw",
            "Bearer dXNlcjpwYXNz",
            "Digest dXNlcjpwYXNz",
            "dXNlcjpwYXNz",
            "Basic user:pass",
            "Basic dXNlcjpwYXNz!",
            "Basic dXNl cjpwYXNz",
            "Basic dXNlcg==", // no colon
            "Basic dXNlcjoKcGFzcw==", // a line feed
            "Basic dQBzZXI6cGFzcw==", // a NUL
            "Basic dXNlcjpwYXNz, Basic dXNlcjpwYXNz")) {
      wrongs.add(
          wrong(value, RawInit.seed().changed("Authorization: " + value), 401, "unauthenticated"));
    }
    wrongs.add(
        wrong(
            "two",
            RawInit.seed().with("Authorization: " + RunningGateway.basic("user", "pass")),
            401,
            "unauthenticated"));
    return wrongs;
  }

  static List<Wrong> wrongPathsAndMethods() {
    List<Wrong> wrongs = new ArrayList<>();
    for (String target :
        List.of(
            "/nowhere",
            INIT + "/",
            "/api/v1/in/digilocker",
            "/api/v1/in//digilocker/init",
            "/health/live",
            "/metrics",
            "/%00",
            "//",
            "/problems/../nowhere",
            "/api/v1/in/digilocker/countdown/")) {
      wrongs.add(wrong("404 " + target, RawInit.seed().target(target), 404, "not-found"));
    }
    for (String method : List.of("GET", "PUT", "DELETE", "PATCH", "TRACE", "FOO")) {
      wrongs.add(wrong(method, RawInit.seed().method(method), 405, "method-not-allowed"));
    }
    wrongs.add(
        wrong(
            "POST a page",
            RawInit.seed().target("/problems/not-found"),
            405,
            "method-not-allowed"));
    return wrongs;
  }

  @ParameterizedTest
  @MethodSource({"wrongContentTypes", "badCredentials", "wrongPathsAndMethods"})
  void refusesAWrongHeadAndKeepsTheConnection(Wrong wrong) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      RawHttp.Answer refusal = connection.send(wrong.request()).answer();

      // Then
      Problems.check(refusal, wrong.status(), wrong.slug());
      assertEquals(
          wrong.status() == 401 ? "Basic realm=\"infopass-gateway\", charset=\"UTF-8\"" : null,
          refusal.header("WWW-Authenticate"));
      assertEquals(wrong.status() == 405, refusal.header("Allow") != null);
      assertFalse(refusal.closes());
      assertEquals(0, gateway.journal().total());
      assertServes(connection);
    }
    assertServesTheNext();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "application/json; charset=\"utf-8\"",
        "Application/JSON",
        "application/json ; v=1"
      })
  void takesEachSpellingOfTheContentType(String type) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      assertEquals(
          200,
          connection
              .send(RawInit.seed().changed("Content-Type: " + type).bytes())
              .answer()
              .status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"basic ", "BASIC ", "Basic   "})
  void takesEachSpellingOfTheScheme(String scheme) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      RawInit request = RawInit.seed().changed("Authorization: " + scheme + "dXNlcjpwYTpzcw==");
      assertEquals(200, connection.send(request.bytes()).answer().status());
    }
  }

  @Test
  void answersAHeadRequestWithoutContent() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send("HEAD " + INIT + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

      // Then
      RawHttp.Answer refusal = connection.answerToHead();
      assertEquals(405, refusal.status());
      assertEquals("POST", refusal.header("Allow"));
      assertServes(connection);
    }
  }
}
