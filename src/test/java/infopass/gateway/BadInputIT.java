package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that are wrong in one way each, as bytes on a connection: the contracted refusal, once,
 * and nothing for the partner; the next request on a new connection is served.
 */
class BadInputIT {
  private static final String SEED = RunningGateway.SEED;
  private static final String INIT = RunningGateway.INIT;

  private static RunningGateway gateway;

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
  private record Wrong(String what, byte[] request, int status, String slug) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Wrong wrong(String what, RawInit request, int status, String slug) {
    return new Wrong(what, request.bytes(), status, slug);
  }

  private static Wrong wrong(String what, String request, int status, String slug) {
    return new Wrong(what, request.getBytes(ISO_8859_1), status, slug);
  }

  // --- Bodies: the connection is kept.

  static List<Wrong> bodiesThatAreNotStrictJson() {
    List<Wrong> wrongs = new ArrayList<>();
    wrongs.add(wrong("no body", RawInit.seed().body("").unannounced(), 400, "malformed-json"));
    text(wrongs, "empty body", "");
    text(wrongs, "white space", " \r\n\t ");
    text(wrongs, "cut off", SEED.substring(0, SEED.length() - 1));
    text(wrongs, "trailing data", SEED + "x");
    text(wrongs, "a second document", SEED + SEED);
    text(wrongs, "a trailing comma", SEED.replace("}", ",}"));
    text(wrongs, "a name twice", SEED.replace("}", ",\"name\":\"Other\"}"));
    text(wrongs, "a name twice, once escaped", SEED.replace("}", ",\"n\\u0061me\":\"Other\"}"));
    text(wrongs, "an unknown name twice", with("\"x\":1,\"x\":2"));
    text(wrongs, "a nested name twice", with("\"x\":{\"y\":1,\"y\":2}"));
    text(wrongs, "a block comment", SEED.replace("{", "{/* hi */"));
    text(wrongs, "a line comment", SEED.replace("{", "{// hi\n"));
    text(wrongs, "a hash comment", SEED.replace("{", "{# hi\n"));
    text(wrongs, "NaN", with("\"x\":NaN"));
    text(wrongs, "Infinity", with("\"x\":-Infinity"));
    text(wrongs, "a leading zero", with("\"x\":007"));
    text(wrongs, "a leading plus", with("\"x\":+7"));
    text(wrongs, "a bare point", with("\"x\":.7"));
    text(wrongs, "a trailing point", with("\"x\":7."));
    text(wrongs, "hexadecimal", with("\"x\":0x7"));
    text(wrongs, "single quotes", SEED.replace('"', '\''));
    text(wrongs, "a bare name", with("x:1"));
    text(wrongs, "a bare word", with("\"x\":yes"));
    text(wrongs, "True", with("\"x\":True"));
    text(wrongs, "a missing value", with("\"x\":"));
    text(wrongs, "a missing comma in an array", with("\"x\":[1 2]"));
    text(wrongs, "a trailing comma in an array", with("\"x\":[1,]"));
    text(wrongs, "an unknown escape", with("\"x\":\"\\q\""));
    text(wrongs, "a raw line feed in a string", with("\"x\":\"a\nb\""));
    text(wrongs, "a raw NUL in a string", with("\"x\":\"a\0b\""));
    text(wrongs, "a raw NUL after a letter beyond ASCII", with("\"x\":\"é\0\""));
    text(wrongs, "a NUL at the end", SEED + "\0");
    text(wrongs, "a lone high surrogate", SEED.replace("Test", "T\\ud83d"));
    text(wrongs, "a lone low surrogate", SEED.replace("Test", "T\\ude00"));
    text(wrongs, "surrogates in the wrong order", SEED.replace("Test", "\\ude00\\ud83d"));
    text(wrongs, "a lone surrogate in an unknown member", with("\"x\":[\"\\ud83d\"]"));
    text(wrongs, "a lone surrogate in an unknown name", with("\"\\ud83d\":1"));
    text(wrongs, "a lone surrogate in a nested name", with("\"x\":{\"\\ud83d\":1}"));
    text(wrongs, "depth 33", with("\"x\":" + "[".repeat(32) + "]".repeat(32)));
    text(wrongs, "depth 100", with("\"x\":" + "[".repeat(99) + "]".repeat(99)));
    text(wrongs, "depth 8000", "[".repeat(8000) + "]".repeat(8000));
    text(wrongs, "depth 100, not closed", with("\"x\":" + "{\"y\":".repeat(100)));
    text(wrongs, "a byte-order mark", "\ufeff" + SEED);
    text(wrongs, "XML", "<name>Test Kumar</name>");
    text(wrongs, "a form", "name=Test+Kumar&state=x");
    encoded(wrongs, "UTF-16LE", UTF_16LE);
    encoded(wrongs, "UTF-16BE", UTF_16BE);
    encoded(wrongs, "UTF-16 with a mark", Charset.forName("UTF-16"));
    encoded(wrongs, "UTF-32LE", Charset.forName("UTF-32LE"));
    encoded(wrongs, "UTF-32BE", Charset.forName("UTF-32BE"));
    bytes(wrongs, "ISO-8859-1", SEED.replace("Test", "T\u00e9st").getBytes(ISO_8859_1));
    bytes(wrongs, "an overlong slash", latin1("\u00c0\u00af"));
    bytes(wrongs, "an overlong NUL", latin1("\u00c0\u0080"));
    bytes(wrongs, "a surrogate in UTF-8", latin1("\u00ed\u00a0\u0080"));
    bytes(wrongs, "beyond Unicode", latin1("\u00f4\u0090\u0080\u0080"));
    bytes(wrongs, "half a letter", latin1("\u00c3"));
    bytes(wrongs, "gzip", latin1("\u001f\u008b\u0008"));
    return wrongs;
  }

  static List<Wrong> bodiesThatAreNoInit() {
    List<Wrong> wrongs = new ArrayList<>();
    for (String other : List.of("[]", "[" + SEED + "]", "null", "true", "12", "\"" + "x" + "\"")) {
      wrongs.add(
          wrong("not an object: " + other, RawInit.seed().body(other), 400, "invalid-request"));
    }
    invalid(wrongs, "an empty object", "{}");
    for (String field : List.of("name", "email", "mobile", "redirectUrl", "state")) {
      JsonObject seed = new JsonObject(SEED);
      for (Object value : Arrays.asList(1, true, null, new JsonObject(), List.of("a"), "")) {
        invalid(wrongs, field + ": " + value, seed.copy().put(field, value).encode());
      }
      JsonObject missing = seed.copy();
      missing.remove(field);
      invalid(wrongs, field + " missing", missing.encode());
      for (String control : List.of("\\u0000", "\\u0007", "\\n", "\\u007f", "\\u0085")) {
        String value = seed.getString(field);
        invalid(
            wrongs,
            field + " with " + control,
            SEED.replace("\"" + value + "\"", "\"" + value + control + "\""));
      }
    }
    JsonObject seed = new JsonObject(SEED);
    invalid(wrongs, "a long name", seed.copy().put("name", "n".repeat(201)).encode());
    invalid(wrongs, "a long email", seed.copy().put("email", "e@" + "x".repeat(253)).encode());
    invalid(wrongs, "a long state", seed.copy().put("state", "s".repeat(101)).encode());
    invalid(
        wrongs,
        "a long redirectUrl",
        seed.copy().put("redirectUrl", "https://a.in/" + "p".repeat(2036)).encode());
    invalid(wrongs, "no redirectUrl", seed.copy().put("redirectUrl", "infopass.in").encode());
    invalid(wrongs, "a short mobile", seed.copy().put("mobile", "1234567").encode());
    return wrongs;
  }

  @ParameterizedTest
  @MethodSource({"bodiesThatAreNotStrictJson", "bodiesThatAreNoInit"})
  void refusesABadBodyAndKeepsTheConnection(Wrong wrong) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      RawHttp.Answer refusal = connection.send(wrong.request()).answer();

      // Then
      JsonObject problem = Problems.check(refusal, wrong.status(), wrong.slug());
      assertEquals("not-sent", problem.getString("outcome"));
      assertEquals(
          wrong.slug().equals("invalid-request"), problem.containsKey("errors"), refusal.body());
      assertFalse(refusal.closes());
      assertEquals(0, gateway.journal().total());
      assertServes(connection);
    }
    assertServesTheNext();
  }

  @Test
  void namesAllFaultsOfABodyAtOnceAndNeverTheirValues() {
    // Given
    String body =
        "{\"name\":\"\",\"email\":\"secret-value\",\"mobile\":17,\"redirectUrl\":\"ftp://secret-value\"}";
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      RawHttp.Answer refusal = connection.send(RawInit.seed().body(body).bytes()).answer();

      // Then
      JsonObject problem = Problems.check(refusal, 400, "invalid-request");
      Set<String> pointers =
          problem.getJsonArray("errors").stream()
              .map(fault -> ((JsonObject) fault).getString("pointer"))
              .collect(Collectors.toSet());
      assertEquals(Set.of("#/name", "#/email", "#/mobile", "#/redirectUrl", "#/state"), pointers);
      assertFalse(refusal.body().contains("secret-value"), refusal.body());
    }
  }

  @Test
  void takesDepth32AndOddButValidJson() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      for (String body :
          List.of(
              with("\"x\":" + "[".repeat(31) + "]".repeat(31)),
              " \r\n\t" + SEED + " \n",
              with("\"\":{},\"x\":-0.0e+10,\"y\":\"\\ud83d\\ude00 \\/ \\u0000\",\"z\":[null,[]]"),
              with("\"x\":" + "9".repeat(900)),
              SEED.replace("Test Kumar", "\ud83d\ude00".repeat(200)))) {
        assertEquals(200, connection.send(RawInit.seed().body(body).bytes()).answer().status());
      }
    }
  }

  // --- Sizes.

  @Test
  void takesABodyOfExactlyTheLimit() {
    String padded = with("\"x\":\"" + "p".repeat(16 * 1024 - with("\"x\":\"\"").length()) + "\"");
    assertEquals(16 * 1024, padded.length());
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      assertEquals(200, connection.send(RawInit.seed().body(padded).bytes()).answer().status());
      assertEquals(
          200,
          connection.send(RawInit.seed().body(padded).chunked(1000).bytes()).answer().status());
      Problems.check(
          connection.send(RawInit.seed().body(padded + " ").bytes()).answer(),
          413,
          "body-too-large");
    }
  }

  static List<Wrong> bodiesThatAreTooLarge() {
    RawInit large = RawInit.seed().body("x".repeat(17 * 1024));
    RawInit huge = RawInit.seed().body("x".repeat(200 * 1024));
    return List.of(
        wrong("17 KiB announced", large, 413, "body-too-large"),
        wrong("17 KiB in one chunk", large.chunked(17 * 1024), 413, "body-too-large"),
        wrong("17 KiB in small chunks", large.chunked(100), 413, "body-too-large"),
        wrong("200 KiB announced", huge, 413, "body-too-large"),
        wrong("200 KiB in chunks", huge.chunked(5_000), 413, "body-too-large"));
  }

  @ParameterizedTest
  @MethodSource("bodiesThatAreTooLarge")
  void refusesALargeBodySoThatACallerWhoSendsFirstAndReadsThenSeesWhy(Wrong wrong) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send(wrong.request());

      // Then
      RawHttp.Answer refusal = connection.answer();
      Problems.check(refusal, wrong.status(), wrong.slug());
      assertTrue(refusal.closes());
      assertEquals("", connection.untilClosed());
    }
    assertEquals(0, gateway.journal().total());
    assertServesTheNext();
  }

  @Test
  void refusesAnAnnouncedSizeBeforeAnyOfItWasSent() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send(
          RawInit.seed().unannounced().body("").with("Content-Length: 99999999999").bytes());

      // Then
      assertTrue(Problems.check(connection.answer(), 413, "body-too-large") != null);
    }
  }

  @Test
  void answersACallerWhoIsStillSendingALargeChunkedBody() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // Given
      RawInit large = RawInit.seed().body("x".repeat(17 * 1024)).chunked(1024);
      connection.send(large.head());
      byte[] body = large.content();

      // When: everything but the end has been sent
      connection.send(Arrays.copyOf(body, body.length - 7));

      // Then: the refusal is there before the end, and the rest can still be sent
      RawHttp.Answer refusal = connection.answer();
      Problems.check(refusal, 413, "body-too-large");
      connection.send(Arrays.copyOfRange(body, body.length - 7, body.length));
      assertEquals("", connection.untilClosed());
    }
  }

  @Test
  void closesAConnectionThatNeverStopsSending() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // Given
      byte[] chunk = ("1000\r\n" + "x".repeat(4096) + "\r\n").getBytes(ISO_8859_1);
      connection.send(
          RawInit.seed().unannounced().body("").with("Transfer-Encoding: chunked").bytes());

      // When
      int sent = 0;
      try {
        while (sent < 64 << 20) {
          connection.send(chunk);
          sent += chunk.length;
        }
      } catch (java.io.UncheckedIOException closed) {
        // As it should be.
      }

      // Then
      assertTrue(sent < 32 << 20, "took " + sent);
    }
    assertServesTheNext();
  }

  // --- Heads: the body is read, or not, but not looked at.

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
            "application/json, text/plain",
            "application/json; charset=utf-16",
            "application/json; charset=ISO-8859-1",
            "application/json; charset=\"latin1\"",
            "application/json;v=1;charset=us-ascii")) {
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
            "/problems",
            "/api/v1/in//digilocker/init",
            "/health/live",
            "/metrics",
            "/%00",
            "//",
            "/problems/../nowhere",
            "/api/v1/in/digilocker/countdown/")) {
      wrongs.add(wrong("404 " + target, RawInit.seed().target(target), 404, "not-found"));
    }
    for (String method : List.of("GET", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO")) {
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

  // --- Framing and heads that no client should send: one refusal, then the connection ends.

  static List<Wrong> requestsThatAreNoHttp() {
    RawInit seed = RawInit.seed();
    String bad = "invalid-request";
    List<Wrong> wrongs = new ArrayList<>();
    wrongs.add(wrong("two lengths", seed.with("Content-Length: 3"), 400, bad));
    wrongs.add(
        wrong("a list of lengths", seed.unannounced().with("Content-Length: 153, 154"), 400, bad));
    for (String length : List.of("-1", "+5", "0x10", "1e3", "1 2", "99999999999999999999", "a")) {
      wrongs.add(
          wrong(
              "length " + length, seed.unannounced().with("Content-Length: " + length), 400, bad));
    }
    wrongs.add(wrong("length and chunks", seed.with("Transfer-Encoding: chunked"), 400, bad));
    wrongs.add(wrong("chunks and length", seed.chunked(50).with("Content-Length: 5"), 400, bad));
    for (String encoding :
        List.of("gzip", "xchunked", "identity", "chunked, gzip", "gzip, chunked", "chunked;q=1")) {
      wrongs.add(
          wrong(
              "encoding " + encoding,
              seed.unannounced().with("Transfer-Encoding: " + encoding),
              400,
              bad));
    }
    wrongs.add(
        wrong("encoding twice", seed.chunked(50).with("Transfer-Encoding: chunked"), 400, bad));
    wrongs.add(wrong("a space before the colon", seed.with("X-A : b"), 400, bad));
    wrongs.add(wrong("a field without a colon", seed.with("X-A"), 400, bad));
    wrongs.add(wrong("a NUL in a value", seed.with("X-A: a\0b"), 400, bad));
    wrongs.add(wrong("a bare CR in a value", seed.with("X-A: a\rb"), 400, bad));
    wrongs.add(wrong("a name with a NUL", seed.with("X\0A: b"), 400, bad));
    wrongs.add(wrong("a name with a space", seed.with("X A: b"), 400, bad));
    wrongs.add(wrong("rubbish", "rubbish\r\n\r\n", 400, bad));
    wrongs.add(wrong("a TLS hello", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n", 400, bad));
    wrongs.add(wrong("no version", "GET /\r\n\r\n", 400, bad));
    wrongs.add(wrong("no target", seed.requestLine("POST  HTTP/1.1"), 400, bad));
    wrongs.add(wrong("no Host", seed.without("Host"), 400, bad));
    wrongs.add(wrong("two Hosts", seed.with("Host: localhost"), 400, bad));
    wrongs.add(wrong("two different Hosts", seed.with("Host: other"), 400, bad));
    for (String host :
        List.of(
            "",
            "localhost%00",
            "a b",
            "a,b",
            "a/b",
            "user@a",
            "a:b",
            "a:80:80",
            ":80",
            "[::1",
            "a:999999",
            "a\\b",
            "a?b",
            "a#b",
            "\u00e9.in",
            "a\tb",
            "[a]b")) {
      wrongs.add(wrong("Host: " + host, seed.changed("Host: " + host), 400, bad));
    }
    for (String target :
        List.of(
            "*",
            "localhost:80",
            "api/v1/in/digilocker/init",
            "?x",
            "ftp://localhost" + INIT,
            "mailto:a@b",
            "\\" + INIT)) {
      wrongs.add(wrong("target " + target, seed.target(target), 400, bad));
    }
    wrongs.add(
        wrong("CONNECT", "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n", 400, bad));
    wrongs.add(wrong("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, bad));
    wrongs.add(
        wrong("a long line", seed.target(INIT + "?" + "q".repeat(5_000)), 414, "uri-too-long"));
    wrongs.add(
        wrong("a long field", seed.with("X-A: " + "v".repeat(9_000)), 431, "headers-too-large"));
    RawInit many = seed;
    for (int i = 0; i < 2_000; i++) {
      many = many.with("X-" + i + ": v");
    }
    wrongs.add(wrong("many fields", many, 431, "headers-too-large"));
    for (String version : List.of("HTTP/2.0", "HTTP/9.9", "HTTP/0.9", "HTTP/1.2", "ICE/1.0")) {
      wrongs.add(
          wrong(
              "version " + version,
              seed.requestLine("POST " + INIT + " " + version),
              505,
              "version-not-supported"));
    }
    return wrongs;
  }

  @ParameterizedTest
  @MethodSource("requestsThatAreNoHttp")
  void refusesWhatIsNoHttpOnceAndEndsTheConnection(Wrong wrong) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When: a whole request follows, which must not be looked at
      connection.send(wrong.request()).send(RawInit.seed().bytes());

      // Then
      RawHttp.Answer refusal = connection.answer();
      Problems.check(refusal, wrong.status(), wrong.slug());
      assertTrue(refusal.closes(), () -> refusal.headers().toString());
      assertEquals("", connection.untilClosed());
    }
    assertEquals(0, gateway.journal().total());
    assertServesTheNext();
  }

  static List<Wrong> badChunks() {
    RawInit head = RawInit.seed().unannounced().with("Transfer-Encoding: chunked");
    List<Wrong> wrongs = new ArrayList<>();
    for (String body :
        List.of(
            "zz\r\n{}\r\n0\r\n\r\n",
            "-1\r\n{}\r\n0\r\n\r\n",
            "0x2\r\n{}\r\n0\r\n\r\n",
            "ffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
            "2\r\n{}x\r\n0\r\n\r\n")) {
      wrongs.add(wrong(body, head.body(body), 400, "invalid-request"));
    }
    return wrongs;
  }

  @ParameterizedTest
  @MethodSource("badChunks")
  void refusesABadChunkOnceAndEndsTheConnection(Wrong wrong) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send(wrong.request()).send(RawInit.seed().bytes());

      // Then
      RawHttp.Answer refusal = connection.answer();
      Problems.check(refusal, wrong.status(), wrong.slug());
      assertTrue(refusal.closes());
      assertEquals("", connection.untilClosed());
    }
    assertEquals(0, gateway.journal().total());
    assertServesTheNext();
  }

  // --- What is unusual and right.

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

  // --- Pieces.

  private static String with(String members) {
    return SEED.substring(0, SEED.length() - 1) + "," + members + "}";
  }

  private static void text(List<Wrong> wrongs, String what, String body) {
    bytes(wrongs, what, body.getBytes(UTF_8));
  }

  private static void encoded(List<Wrong> wrongs, String what, Charset charset) {
    bytes(wrongs, what, SEED.getBytes(charset));
  }

  private static void bytes(List<Wrong> wrongs, String what, byte[] body) {
    wrongs.add(wrong(what, RawInit.seed().body(body), 400, "malformed-json"));
  }

  /** The seed with these bytes in its name. */
  private static byte[] latin1(String inName) {
    return SEED.replace("Test", inName).getBytes(ISO_8859_1);
  }

  private static void invalid(List<Wrong> wrongs, String what, String body) {
    wrongs.add(wrong(what, RawInit.seed().body(body), 400, "invalid-request"));
  }

  /** The connection is in step: another request on it gets its own answer. */
  private static void assertServes(RawHttp connection) {
    RawHttp.Answer next =
        connection.send(RawInit.seed().with("X-Correlation-Id: in-step").bytes()).answer();
    assertEquals(200, next.status(), next.body());
    assertEquals("in-step", next.header("X-Correlation-Id"));
  }

  private static void assertServesTheNext() {
    try (RawHttp next = RawHttp.to(gateway.port())) {
      RawHttp.Answer answer = next.send(RawInit.seed().bytes()).answer();
      assertEquals(200, answer.status(), answer.body());
      assertNull(answer.header("Retry-After"));
      assertNotNull(answer.header("Server-Timing"));
    }
  }
}
