package infopass.gateway;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Framing and heads that no client should send: one refusal, then the connection ends. */
class BadFramingIT extends WrongRequests {
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
    wrongs.add(wrong("GET *", "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, bad));
    wrongs.add(
        wrong("a long line", seed.target(INIT + "?" + "q".repeat(8_200)), 414, "uri-too-long"));
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
  @MethodSource({"requestsThatAreNoHttp", "badChunks"})
  void refusesWhatIsNoHttpOnceAndEndsTheConnection(Wrong wrong) {
    // A whole request follows, which must not be looked at.
    assertEndsTheConnection(wrong, RawInit.seed().bytes());
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
}
