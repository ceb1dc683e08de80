package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Framing and syntax of HTTP/1.1, one vector each, with its section: refused with one problem
 * document and a closed connection, or served. A whole request follows each refused one.
 */
@Timeout(120)
class WireVectorsIT {
  private static final String INIT = RunningGateway.INIT;

  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private record Vector(String section, String what, String bytes, int status) {
    @Override
    public String toString() {
      return section + " " + what + " -> " + status;
    }
  }

  private static final class Vectors {
    private final List<Vector> list = new ArrayList<>();

    void add(String section, String what, RawInit request, int status) {
      add(section, what, new String(request.bytes(), ISO_8859_1), status);
    }

    void add(String section, String what, String bytes, int status) {
      list.add(new Vector(section, what, bytes, status));
    }
  }

  private static RawInit seed() {
    return RawInit.seed();
  }

  static List<Vector> refused() {
    Vectors vectors = new Vectors();
    requestLines(vectors);
    fields(vectors);
    hosts(vectors);
    framings(vectors);
    chunks(vectors);
    return vectors.list;
  }

  private static void requestLines(Vectors vectors) {
    for (String line :
        List.of(
            "POST  " + INIT + " HTTP/1.1",
            "POST " + INIT + "  HTTP/1.1",
            " POST " + INIT + " HTTP/1.1",
            "\tPOST " + INIT + " HTTP/1.1",
            "POST\t" + INIT + " HTTP/1.1",
            "POST " + INIT + "\tHTTP/1.1",
            "POST " + INIT + " HTTP/1.1 ",
            "POST " + INIT + " HTTP/1.1\t",
            "POST " + INIT + " HTTP/1.1 x",
            "POST " + INIT,
            "POST",
            "POST HTTP/1.1",
            "P\u0000ST " + INIT + " HTTP/1.1",
            "P(ST " + INIT + " HTTP/1.1",
            "P\u00d6ST " + INIT + " HTTP/1.1",
            "\u0000POST " + INIT + " HTTP/1.1",
            "\u000bPOST " + INIT + " HTTP/1.1",
            "\u007fPOST " + INIT + " HTTP/1.1",
            "\u00ef\u00bb\u00bfPOST " + INIT + " HTTP/1.1",
            "POST:" + INIT + " HTTP/1.1",
            "POST " + INIT + " HTTP1.1",
            "POST " + INIT + " HTTP/1",
            "POST " + INIT + " HTTP/1.",
            "POST " + INIT + " HTTP/.1",
            "POST " + INIT + " HTTP/1.1.1",
            "POST " + INIT + " HTTP/11.1",
            "POST " + INIT + " HTTP /1.1",
            "POST " + INIT + " HTTP/ 1.1",
            "POST " + INIT + " HTTP/1,1",
            "POST " + INIT + " HTTP/+1.1",
            "POST " + INIT + " http/1.1",
            "POST " + INIT + " Http/1.1",
            "POST " + INIT + " /1.1",
            "POST " + INIT + " HTTP/1.\u0661",
            "POST " + INIT + "\rHTTP/1.1")) {
      vectors.add("RFC 9112 3", printable(line), seed().requestLine(line), 400);
    }
    for (String target :
        List.of(
            "*",
            "?",
            "#",
            "a",
            ":80",
            "localhost",
            "localhost:80",
            "api/v1",
            "http:",
            "http:/",
            "http:///" + INIT,
            "http:" + INIT,
            "http://",
            "http://?x",
            "http://user@localhost" + INIT,
            "http://user:pass@localhost" + INIT,
            "http://@localhost" + INIT,
            "http://local host" + INIT,
            "http://localhost%00" + INIT,
            "http://localhost:x" + INIT,
            "http://localhost:999999" + INIT,
            "http://[::1" + INIT,
            "ftp://localhost" + INIT,
            "file:///etc/passwd",
            "javascript:1",
            INIT + "#fragment",
            INIT + "\\",
            "\\" + INIT,
            INIT + "?\\",
            INIT + "\u0000",
            INIT + "\u0001",
            INIT + "\u001f",
            INIT + "\u007f",
            INIT + "\u0080",
            INIT + "\u00ff",
            INIT + "\u00c3\u00a9",
            INIT + "?x=\"",
            INIT + "?x=<",
            INIT + "?x=>",
            INIT + "?x={",
            INIT + "?x=|",
            INIT + "?x=^",
            INIT + "?x=`")) {
      vectors.add("RFC 9112 3.2", printable(target), seed().target(target), 400);
    }
    for (String version :
        List.of("HTTP/0.9", "HTTP/1.2", "HTTP/1.9", "HTTP/2.0", "HTTP/3.0", "HTTPS/1.1")) {
      vectors.add(
          "RFC 9110 15.6.6", version, seed().requestLine("POST " + INIT + " " + version), 505);
    }
    vectors.add("RFC 9113 3.4", "a preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
    vectors.add("RFC 9112 2.2", "two empty lines", "\r\n\r\n" + text(seed()), 400);
    vectors.add("RFC 9112 2.2", "an empty line of LF", "\n" + text(seed()), 400);
    vectors.add("RFC 9112 2.2", "lines of LF", text(seed()).replace("\r\n", "\n"), 400);
    vectors.add("RFC 9112 2.2", "lines of CR", text(seed()).replace("\r\n", "\r") + "\r\n", 400);
    vectors.add(
        "RFC 9112 2.2", "one line of LF", text(seed()).replaceFirst("\r\nHost", "\nHost"), 400);
    vectors.add(
        "RFC 9112 2.2", "a CR twice", text(seed()).replaceFirst("\r\nHost", "\r\r\nHost"), 400);
    vectors.add("RFC 9110 9.3.6", "CONNECT", seed().requestLine("CONNECT a:80 HTTP/1.1"), 400);
    vectors.add("RFC 9110 9.3.7", "GET *", seed().requestLine("GET * HTTP/1.1"), 400);
    vectors.add("RFC 9112 3", "a long target", seed().target("/" + "a".repeat(8_200)), 414);
    vectors.add("RFC 9112 3", "a long method", seed().method("A".repeat(8_200)), 400);
    vectors.add("RFC 9112 3", "a line without end", "GET /" + "a".repeat(9_000), 414);
  }

  private static void fields(Vectors vectors) {
    for (String field :
        List.of(
            ": b",
            " : b",
            "X-A",
            "X-A b",
            "X-A : b",
            "X-A\t: b",
            " X-A: b",
            "\tX-A: b",
            "X A: b",
            "X\u0000A: b",
            "X\u00e9: b",
            "X(A): b",
            "X@A: b",
            "X/A: b",
            "X[A]: b",
            "X\"A: b",
            "X;A: b",
            "X=A: b",
            "X{A}: b",
            "X\u007fA: b",
            "X-A: a\u0000b",
            "X-A: a\u0001b",
            "X-A: a\u000bb",
            "X-A: a\u001bb",
            "X-A: a\u007fb",
            "X-A: a\rb",
            "X-A: a\nb",
            "X-A: a\r b",
            "X-A: a\n b",
            "X-A: a\r\n b",
            "X-A: a\r\n\tb",
            "X-A: a\r\n ",
            "X-A: a\r\n Transfer-Encoding: chunked",
            "X-A:\r\n b")) {
      vectors.add("RFC 9112 5", printable(field), seed().with(field), 400);
    }
    vectors.add(
        "RFC 9112 5.2",
        "folded before any field",
        text(seed()).replaceFirst("\r\nHost", "\r\n Host"),
        400);
    vectors.add("RFC 6585 5", "a long field", seed().with("X-A: " + "a".repeat(8_300)), 431);
    vectors.add("RFC 6585 5", "a long name", seed().with("X".repeat(8_300) + ": a"), 431);
    vectors.add(
        "RFC 6585 5", "no end", "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(9_000), 431);
    vectors.add("RFC 9110 10.1.1", "an unknown Expect", seed().with("Expect: tea"), 417);
    vectors.add("RFC 9110 10.1.1", "two Expects", seed().with("Expect: 100-continue, tea"), 417);
  }

  private static void hosts(Vectors vectors) {
    vectors.add("RFC 9112 3.2", "no Host", seed().without("Host"), 400);
    vectors.add("RFC 9112 3.2", "two alike", seed().with("Host: localhost"), 400);
    vectors.add("RFC 9112 3.2", "two in other case", seed().with("hOST: localhost"), 400);
    for (String host :
        List.of(
            "",
            " ",
            "localhost%00",
            "localhost%2f",
            "a b",
            "a\tb",
            "a,b",
            "a, a",
            "a/b",
            "a\\b",
            "a?b",
            "a#b",
            "user@a",
            "user:pass@a",
            "a:b",
            "a:80:80",
            "a:-1",
            "a:+1",
            "a:999999",
            ":80",
            "[::1",
            "::1]",
            "[a]b",
            "http://a",
            "\u00e9",
            "a\"b",
            "<a>",
            "a;b",
            "a'b",
            "a(b)")) {
      vectors.add("RFC 9112 3.2", "Host: " + printable(host), seed().changed("Host: " + host), 400);
    }
  }

  private static void framings(Vectors vectors) {
    for (String length :
        List.of(
            "",
            " ",
            "-1",
            "+5",
            "-0",
            "0x10",
            "1e3",
            "1 2",
            "1,1",
            "1, 1",
            "153, 153",
            "1.0",
            "1;2",
            "a",
            "1a",
            "\u0661",
            "9999999999999999999",
            "18446744073709551617",
            "\"5\"",
            "5\u000b")) {
      vectors.add(
          "RFC 9112 6.3",
          "Content-Length: " + printable(length),
          seed().unannounced().with("Content-Length: " + length),
          400);
    }
    int size = seed().content().length;
    vectors.add("RFC 9112 6.3", "alike lengths", seed().with("Content-Length: " + size), 400);
    vectors.add("RFC 9112 6.3", "two lengths", seed().with("content-length: 0"), 400);
    for (String coding :
        List.of(
            "",
            "gzip",
            "identity",
            "xchunked",
            "chunkedx",
            "chunked,",
            ",chunked",
            "chunked, chunked",
            "chunked, gzip",
            "gzip, chunked",
            "identity, chunked",
            "chunked;q=1",
            "chunked;",
            "\"chunked\"",
            "'chunked'",
            "chun ked",
            "chunked\u000b",
            "\u000bchunked",
            "chunked\u0000",
            "\u00a0chunked",
            "chunked\u0085",
            "x\r\n chunked",
            "\r\n chunked",
            "chunked\r\n ",
            "chunked\r\nTransfer-Encoding: chunked",
            "chunked\r\nTransfer-Encoding: identity",
            "x\r\nTransfer-Encoding: chunked",
            "\r\nTransfer-Encoding: chunked")) {
      vectors.add(
          "RFC 9112 6.1",
          "Transfer-Encoding: " + printable(coding),
          seed().unannounced().body("5\r\nhello\r\n0\r\n\r\n").with("Transfer-Encoding: " + coding),
          400);
    }
    for (String field :
        List.of(
            "Transfer-Encoding : chunked",
            "Transfer-Encoding\t: chunked",
            " Transfer-Encoding: chunked",
            "Transfer-Encoding\u0000: chunked",
            "Transfer-Encoding chunked",
            "X: y\nTransfer-Encoding: chunked",
            "X: y\rTransfer-Encoding: chunked")) {
      vectors.add("RFC 9112 6.1", printable(field), seed().with(field), 400);
    }
    vectors.add("RFC 9112 6.3", "both", seed().with("Transfer-Encoding: chunked"), 400);
    vectors.add("RFC 9112 6.3", "both in turn", seed().chunked(9).with("Content-Length: 5"), 400);
    vectors.add("RFC 9112 6.3", "both, 0", seed().chunked(9).with("Content-Length: 0"), 400);
    vectors.add(
        "RFC 9112 6.1",
        "chunks in HTTP/1.0",
        seed().chunked(9).requestLine("POST " + INIT + " HTTP/1.0"),
        400);
  }

  private static void chunks(Vectors vectors) {
    for (String body :
        List.of(
            "x\r\n",
            "\r\n",
            " 5\r\nhello\r\n0\r\n\r\n",
            "+5\r\nhello\r\n0\r\n\r\n",
            "-5\r\nhello\r\n0\r\n\r\n",
            "0x5\r\nhello\r\n0\r\n\r\n",
            "5x\r\nhello\r\n0\r\n\r\n",
            "5 5\r\nhello\r\n0\r\n\r\n",
            "5,5\r\nhello\r\n0\r\n\r\n",
            "5.0\r\nhello\r\n0\r\n\r\n",
            "5_\r\nhello\r\n0\r\n\r\n",
            "5\nhello\r\n0\r\n\r\n",
            "5\rhello\r\n0\r\n\r\n",
            "5\r\nhello\n0\r\n\r\n",
            "5\r\nhello0\r\n\r\n",
            "5\r\nhellox\r\n0\r\n\r\n",
            "5\r\nhel\r\n0\r\n\r\n",
            "5\r\nhello\r\n\r\n0\r\n\r\n",
            "5\r\nhello\r\n0\n\n",
            "5\r\nhello\r\n0\r\n\n",
            "5\r\nhello\r\nz\r\n\r\n",
            "ffffffffff\r\nhello",
            "10000000000000005\r\nhello\r\n0\r\n\r\n",
            "5;\u0000\r\nhello\r\n0\r\n\r\n",
            "5;a\nb\r\nhello\r\n0\r\n\r\n",
            "5;\u00e9=y\r\nhello\r\n0\r\n\r\n",
            "5;x=\"\u00e9\"\r\nhello\r\n0\r\n\r\n",
            "5;" + "a".repeat(300) + "\r\nhello\r\n0\r\n\r\n",
            "5\r\nhello\r\n0\r\nX\r\n\r\n",
            "5\r\nhello\r\n0\r\n: x\r\n\r\n",
            "5\r\nhello\r\n0\r\nX : y\r\n\r\n",
            "5\r\nhello\r\n0\r\n X: y\r\n\r\n",
            "5\r\nhello\r\n0\r\nX: y\r\n z\r\n\r\n",
            "5\r\nhello\r\n0\r\nX: a\u0000b\r\n\r\n")) {
      vectors.add(
          "RFC 9112 7.1",
          "chunks " + printable(body),
          seed().unannounced().with("Transfer-Encoding: chunked").body(latin1(body)),
          400);
    }
  }

  static List<Vector> served() {
    Vectors vectors = new Vectors();
    vectors.add("RFC 9112 3.2.1", "origin form", seed(), 200);
    vectors.add("RFC 9112 3.2.1", "with a query", seed().target(INIT + "?a=b&c[]=%20;d"), 200);
    vectors.add("RFC 9112 3.2.2", "absolute form", seed().target("http://localhost" + INIT), 200);
    vectors.add("RFC 9112 3.2.2", "with a port", seed().target("http://a.b:80" + INIT), 200);
    vectors.add("RFC 9112 2.2", "an empty line before it", "\r\n" + text(seed()), 200);
    for (String host : List.of("a", "a:80", "a:", "127.0.0.1:8080", "[::1]:80", "a-b.c_d")) {
      vectors.add("RFC 9112 3.2", "Host: " + host, seed().changed("Host: " + host), 200);
    }
    for (String field :
        List.of(
            "X-A:b", "X-A:", "X-A: ", "X-A: \t b \t ", "X-A: \u00e9\u0080", "!#$%&'*+-.^_`|~: y")) {
      vectors.add("RFC 9112 5", printable(field), seed().with(field), 200);
    }
    int size = seed().content().length;
    vectors.add(
        "RFC 9112 6.3",
        "leading zeros",
        seed().unannounced().with("Content-Length: 000" + size),
        200);
    vectors.add(
        "RFC 9112 5.1",
        "blanks",
        seed().unannounced().with("CONTENT-length:\t " + size + "\t"),
        200);
    vectors.add("RFC 9112 7.1", "chunks", seed().chunked(1), 200);
    vectors.add("RFC 9112 7.1", "one chunk", seed().chunked(9_000), 200);
    String chunked = "Transfer-Encoding: chunked";
    RawInit bare = seed().unannounced();
    for (String coding : List.of("Chunked", "CHUNKED", "\tchunked ", "chunked")) {
      String body = Integer.toHexString(size) + "\r\n" + RunningGateway.SEED + "\r\n0\r\n\r\n";
      vectors.add(
          "RFC 9112 7",
          printable(coding),
          bare.with("Transfer-Encoding: " + coding).body(body),
          200);
    }
    for (String line : List.of(";a", ";a=b", ";a=\"b\"", " ;a=b", ";a=b;c=d")) {
      String body =
          Integer.toHexString(size) + line + "\r\n" + RunningGateway.SEED + "\r\n0\r\n\r\n";
      vectors.add("RFC 9112 7.1.1", "extension " + line, bare.with(chunked).body(body), 200);
    }
    String upper = Integer.toHexString(size).toUpperCase(java.util.Locale.ROOT);
    vectors.add(
        "RFC 9112 7.1",
        "zeros and upper case",
        bare.with(chunked).body("000" + upper + "\r\n" + RunningGateway.SEED + "\r\n000\r\n\r\n"),
        200);
    vectors.add(
        "RFC 9112 7.1.2",
        "trailers",
        bare.with(chunked)
            .body(
                upper
                    + "\r\n"
                    + RunningGateway.SEED
                    + "\r\n0\r\nX: y\r\nContent-Length: 1\r\n\r\n"),
        200);
    vectors.add(
        "RFC 9110 7.8",
        "an offer of h2c",
        seed()
            .with("Connection: Upgrade, HTTP2-Settings")
            .with("Upgrade: h2c")
            .with("HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"),
        200);
    vectors.add("RFC 9110 7.8", "an unknown upgrade", seed().with("Upgrade: tea"), 200);
    return vectors.list;
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesOnceAndLooksAtNothingBehind(Vector vector) {
    long before = gateway.journal().total();
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send(vector.bytes() + text(seed()));

      // Then
      RawHttp.Answer refusal = connection.answer();
      assertEquals(vector.status(), refusal.status(), refusal.body());
      assertEquals("application/problem+json", refusal.header("Content-Type"));
      assertTrue(refusal.statusLine().startsWith("HTTP/1.1 "), refusal.statusLine());
      assertTrue(refusal.closes(), () -> refusal.headers().toString());
      assertEquals("", connection.untilClosed());
    }
    assertEquals(before, gateway.journal().total());
  }

  @ParameterizedTest
  @MethodSource("served")
  void servesWhatIsRightAndStaysInStep(Vector vector) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When
      connection.send(vector.bytes() + text(seed().with("X-Correlation-Id: behind")));

      // Then
      RawHttp.Answer answer = connection.answer();
      assertEquals(vector.status(), answer.status(), answer.body());
      assertFalse(answer.closes());
      RawHttp.Answer behind = connection.answer();
      assertEquals(200, behind.status());
      assertEquals("behind", behind.header("X-Correlation-Id"));
    }
  }

  @Test
  void readsTheSameHoweverTheBytesAreCut() {
    byte[] two =
        (text(seed().with("X-Correlation-Id: one").chunked(40))
                + "\r\n"
                + text(seed().with("X-Correlation-Id: two")))
            .getBytes(ISO_8859_1);
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // When: one byte at a time
      for (byte single : two) {
        connection.send(new byte[] {single});
      }

      // Then
      assertEquals("one", connection.answer().header("X-Correlation-Id"));
      assertEquals("two", connection.answer().header("X-Correlation-Id"));
    }
  }

  private static String text(RawInit request) {
    return new String(request.bytes(), ISO_8859_1);
  }

  private static byte[] latin1(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    for (char c : (text.length() > 60 ? text.substring(0, 60) + "..." : text).toCharArray()) {
      printable.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : "\\x%02x".formatted((int) c));
    }
    return printable.toString();
  }
}
