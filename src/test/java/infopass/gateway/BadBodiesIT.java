package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bodies that are wrong in one way each, as bytes on a connection: the contracted refusal, once,
 * and nothing for the partner; the connection is kept, but where a body is too large.
 */
class BadBodiesIT extends WrongRequests {
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
    assertEndsTheConnection(wrong, new byte[0]);
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
}
