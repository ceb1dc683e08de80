package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Requests as nobody should send them: right ones with something changed in their line, their
 * fields, their framing, their JSON or their bytes, all decided by one source of chance. Personal
 * data stands wherever a caller may put it, and is told by its {@link #MARKERS}.
 */
final class FuzzedRequests {
  private static final String PASSWORD = "zyxpassword";
  private static final String AUTHORIZATION = RunningGateway.basic("zyxuser", PASSWORD);

  /** What must never be said of those requests. */
  static final List<String> MARKERS =
      List.of(
          "Zyxname",
          "zyxmail",
          "zyxhost",
          "9876012345",
          "Zyxstate",
          "zyxsession",
          PASSWORD,
          AUTHORIZATION.substring("Basic ".length()));

  private static final List<String> SCENARIOS =
      List.of("", "", "", "", "", "Slow 20 ", "Status 500 ", "Status 503 ");

  private static final List<String> RARE_SCENARIOS =
      List.of(
          "Status 401 ",
          "Reject 0x0422 ",
          "Drip 1 ",
          "Malformed ",
          "Truncated ",
          "Empty ",
          "Html ",
          "Reset ",
          "ResetAfter ",
          "Crossed ");

  private static final List<String> TARGETS =
      List.of(
          RunningGateway.INIT,
          RunningGateway.INIT + "?name=zyxsession",
          "/",
          "/openapi.yaml",
          "/problems/not-found",
          "/problems/%7a%zz?zyxsession",
          "/assets/digilocker-countdown.js",
          "/api/v1/in/digilocker/countdown/zyxsession?expires=1&signature=zyxpassword",
          "/api/v1/in/digilocker/countdown/x?expires=99999999999999999999&signature=",
          "/api/v1/in/digilocker/countdown/%00?expires=-1",
          "http://localhost" + RunningGateway.INIT,
          "http://zyxuser@localhost/",
          "*",
          "//",
          "/../../etc/passwd",
          "/%2e%2e/%2e%2e/",
          "/;x=y/..;/metrics",
          "/health/live",
          "localhost:80",
          "/" + "zyxsession".repeat(500));

  private static final List<String> METHODS =
      List.of("POST", "POST", "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "CONNECT", "PRI");

  private static final List<String> VERSIONS =
      List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/1.9", "ICE/1.0");

  private static final List<String> FIELDS =
      List.of(
          "Host: localhost",
          "Host: zyxhost.example",
          "Host: localhost%00",
          "Host:",
          "Content-Length: 0",
          "Content-Length: 7",
          "Content-Length: 99999999999999999999",
          "Content-Length: -1",
          "Content-Length: 5, 5",
          "Content-Length : 5",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: gzip, chunked",
          "Transfer-Encoding: \u000bchunked",
          "Transfer-Encoding: identity",
          "Expect: 100-continue",
          "Expect: zyxsession",
          "Connection: close",
          "Connection: keep-alive, Upgrade",
          "Upgrade: websocket",
          "Upgrade: h2c",
          "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Version: 13",
          "Accept: text/event-stream",
          "Accept-Encoding: gzip",
          "Content-Encoding: gzip",
          "Content-Type: text/plain; x=zyxsession",
          "Content-Type: application/json; charset=utf-16",
          "Authorization: Bearer " + PASSWORD,
          "Authorization: Basic " + PASSWORD,
          "Authorization: Basic",
          "Idempotency-Key: \"zyxsession\"",
          "Idempotency-Key: \"zyxsession",
          "Idempotency-Key: " + "k".repeat(300),
          "Prefer: wait=1",
          "Prefer: wait=zyxsession, wait=2",
          "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          "traceparent: zyxsession",
          "tracestate: zyx=zyxsession",
          "X-Correlation-Id: zyxsession zyxsession",
          "X-Purpose: zyxsession;zyxsession",
          "Cookie: s=zyxsession",
          "Forwarded: for=zyxhost",
          " folded: zyxsession",
          "no colon zyxsession",
          ": zyxsession",
          "X-A: zyx\u0000session",
          "X-A: zyxsession\u00ff",
          "X-A: " + "zyxsession".repeat(900));

  private static final List<String> NOISE =
      List.of(
          "\r",
          "\n",
          "\r\n",
          "\r\n\r\n",
          "\0",
          " ",
          "\t",
          ":",
          ",",
          ";",
          "\"",
          "\\",
          "\\u0000",
          "\\ud800",
          "{",
          "}",
          "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
          "1e999999999",
          "\u00ef\u00bb\u00bf",
          "\u00c0\u0080",
          "\u00ff",
          "0\r\n\r\n",
          "GET / HTTP/1.1\r\n\r\n",
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  private final RandomGenerator random;

  FuzzedRequests(RandomGenerator random) {
    this.random = random;
  }

  /** One request, or what is left of it. */
  byte[] next() {
    RawInit request = RawInit.seed().changed("Authorization: " + AUTHORIZATION).body(body());
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      request = changed(request);
    }
    byte[] bytes = request.bytes();
    if (random.nextInt(3) == 0) {
      bytes = noisy(bytes);
    }
    return bytes;
  }

  private String body() {
    String scenario = random.nextInt(20) == 0 ? any(RARE_SCENARIOS) : any(SCENARIOS);
    return "{\"name\":\""
        + scenario
        + "Zyxname\",\"email\":\"zyxmail@zyxhost.example\",\"mobile\":\"9876012345\","
        + "\"redirectUrl\":\"https://infopass.in/?session=zyxsession\",\"state\":\"Zyxstate\"}";
  }

  private RawInit changed(RawInit request) {
    return switch (random.nextInt(8)) {
      case 0 -> request.requestLine(any(METHODS) + ' ' + any(TARGETS) + ' ' + any(VERSIONS));
      case 1 -> request.target(any(TARGETS));
      case 2 -> request.without(any(List.of("Host", "Authorization", "Content-Type")));
      case 3 -> request.chunked(1 + random.nextInt(200));
      case 4 -> request.body(noisy(request.content()));
      case 5 -> random.nextInt(4) == 0 ? request.unannounced() : request;
      default -> request.with(any(FIELDS));
    };
  }

  /** With up to three places where something is put in, overwritten, repeated or taken away. */
  private byte[] noisy(byte[] bytes) {
    StringBuilder text = new StringBuilder(new String(bytes, ISO_8859_1));
    for (int i = random.nextInt(1, 4); i > 0 && text.length() > 0; i--) {
      int at = random.nextInt(text.length());
      int end = Math.min(text.length(), at + random.nextInt(1, 40));
      switch (random.nextInt(6)) {
        case 0 -> text.insert(at, any(NOISE));
        case 1 -> text.setCharAt(at, (char) random.nextInt(256));
        case 2 -> text.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(8)));
        case 3 -> text.delete(at, end);
        case 4 -> text.insert(at, text.substring(at, end));
        default -> {
          if (random.nextInt(4) == 0) {
            text.setLength(at);
          }
        }
      }
    }
    return text.toString().getBytes(ISO_8859_1);
  }

  /** How a connection's bytes are cut into writes. */
  List<byte[]> pieces(byte[] bytes) {
    List<byte[]> pieces = new ArrayList<>();
    int most = random.nextInt(4) == 0 ? 50 : Integer.MAX_VALUE;
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, most == 50 ? random.nextInt(1, most) : most);
      byte[] piece = new byte[length];
      System.arraycopy(bytes, at, piece, 0, length);
      pieces.add(piece);
      at += length;
    }
    return pieces;
  }

  private String any(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
