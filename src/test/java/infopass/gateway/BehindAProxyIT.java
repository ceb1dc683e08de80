package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a proxy or a balancer in front does to requests. */
@Timeout(120)
class BehindAProxyIT {
  private static final String DELAYED = "delayed";

  private static String callers(String http) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest("pass".getBytes(ISO_8859_1));
    return "http: {host: 127.0.0.1, port: 0, "
        + http
        + "}\nauth: {mode: callers, callers: [{id: user, secretSha256: "
        + HexFormat.of().formatHex(digest)
        + "}]}";
  }

  private static HttpRequest.Builder wrong(RunningGateway gateway, String name, String value) {
    return gateway
        .init(RunningGateway.SEED)
        .setHeader("Authorization", RunningGateway.basic("user", "wrong"))
        .header(name, value);
  }

  /** Whether a wrong login is slowed, and so counted with those of before. */
  private static boolean slowed(RunningGateway gateway, String name, String value) {
    long begun = System.nanoTime();
    assertEquals(401, gateway.send(wrong(gateway, name, value)).statusCode(), DELAYED);
    return System.nanoTime() - begun > 3_500_000_000L;
  }

  @ParameterizedTest
  @CsvSource({
    "X-Forwarded-For, '192.0.2.1', '192.0.2.2'",
    "X-Forwarded-For, '9.9.9.9, 192.0.2.1', '192.0.2.1, 192.0.2.2'",
    "X-Forwarded-For, '192.0.2.1, 127.0.0.5', '192.0.2.2, 127.0.0.5'",
    "Forwarded, 'for=192.0.2.1;proto=https', 'for=192.0.2.2'",
    "Forwarded, 'for=\"[2001:db8::1]:4711\"', 'for=\"[2001:db8::2]\"'"
  })
  void failedLoginsAreCountedByTheAddressThatTrustedProxiesNote(
      String name, String first, String second) throws Exception {
    try (RunningGateway gateway = RunningGateway.start(callers("trustedProxies: [127.0.0.0/8]"))) {
      // Given: failures enough for 4 s
      for (int i = 0; i < 9; i++) {
        gateway.send(wrong(gateway, name, first));
      }

      // Then
      assertTrue(slowed(gateway, name, first));
      assertFalse(slowed(gateway, name, second));
    }
  }

  @Test
  void whatOthersNoteIsNotBelieved() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(callers("trustedProxies: [10.0.0.0/8]"))) {
      for (int i = 0; i < 9; i++) {
        gateway.send(wrong(gateway, "X-Forwarded-For", "192.0.2." + i));
      }
      assertTrue(slowed(gateway, "X-Forwarded-For", "192.0.2.77"));
    }
  }

  @Test
  void theHeaderOfTheProxyProtocolIsTheAddress() throws Exception {
    byte[] version2 = {
      0x0d,
      0x0a,
      0x0d,
      0x0a,
      0x00,
      0x0d,
      0x0a,
      0x51,
      0x55,
      0x49,
      0x54,
      0x0a,
      0x21,
      0x11,
      0x00,
      0x0c,
      (byte) 192,
      0,
      2,
      1,
      127,
      0,
      0,
      1,
      0x30,
      0x39,
      0x00,
      0x50
    };
    byte[] version1 = "PROXY TCP4 192.0.2.1 127.0.0.1 12345 80\r\n".getBytes(ISO_8859_1);
    byte[] get =
        "GET /problems/internal HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            .getBytes(ISO_8859_1);
    try (RunningGateway gateway =
        RunningGateway.start("http: {host: 127.0.0.1, port: 0, proxyProtocol: true}")) {
      for (byte[] header : new byte[][] {version1, version2}) {
        assertTrue(exchange(gateway.port(), header, get).startsWith("HTTP/1.1 200 OK"));
      }
      assertEquals("", exchange(gateway.port(), new byte[0], get));
    }
  }

  private static String exchange(int port, byte[] header, byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(header);
      socket.getOutputStream().write(request);
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException reset) {
      return "";
    }
  }

  @Test
  void anEventStreamOverHttp10IsOneThatEndsWithItsConnection() throws Exception {
    try (RunningGateway gateway = RunningGateway.start()) {
      // Given
      String link = link(gateway, "Expiry 3");
      String request = "GET " + link + " HTTP/1.0\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n";

      // When
      String answer = exchange(gateway.port(), new byte[0], request.getBytes(ISO_8859_1));

      // Then
      assertTrue(answer.contains("content-type: text/event-stream"), answer);
      assertFalse(answer.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding"), answer);
      assertTrue(answer.contains("event: countdown"), answer);
      assertTrue(answer.contains("event: expired"), answer);
    }
  }

  private static String link(RunningGateway gateway, String scenario) {
    HttpResponse<String> init = gateway.initFor(scenario);
    assertEquals(200, init.statusCode(), init.body());
    String url = RunningGateway.json(init).getJsonObject("countdown").getString("url");
    return url.startsWith("http") ? url.substring(url.indexOf('/', 8)) : url;
  }

  @Test
  void aPageOfOurOwnOriginOpensAWebSocketWhereAProxyRewritesHost() {
    String yaml = "http: {host: 127.0.0.1, port: 0, publicUrl: 'https://links.example'}";
    try (RunningGateway gateway = RunningGateway.start(yaml)) {
      WebSocketConnectOptions options =
          new WebSocketConnectOptions()
              .setHost("127.0.0.1")
              .setPort(gateway.port())
              .setURI(link(gateway, "Test Kumar"))
              .addHeader("Origin", "https://links.example");
      WebSocket socket =
          RunningGateway.await(gateway.vertx().createWebSocketClient().connect(options));
      RunningGateway.await(socket.close());
    }
  }

  @Test
  void asksAboutTheServerAndItsPathsAreAnswered() throws Exception {
    try (RunningGateway gateway = RunningGateway.start()) {
      for (String target : new String[] {"*", "/", "/problems", RunningGateway.INIT}) {
        String request = "OPTIONS " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        String answer = exchange(gateway.port(), new byte[0], request.getBytes(ISO_8859_1));
        assertTrue(answer.startsWith("HTTP/1.1 204"), answer);
        assertTrue(answer.contains("OPTIONS"), answer);
      }
      String method = "X".repeat(9_000) + " / HTTP/1.1\r\nHost: a\r\n\r\n";
      String answer = exchange(gateway.port(), new byte[0], method.getBytes(ISO_8859_1));
      assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
      String line =
          "GET /?" + "x".repeat(7_980) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      answer = exchange(gateway.port(), new byte[0], line.getBytes(ISO_8859_1));
      assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
    }
  }

  @Test
  void whatBrowsersLoadIsSentOnce() throws Exception {
    try (RunningGateway gateway = RunningGateway.start()) {
      for (String path :
          new String[] {
            "/", "/assets/digilocker-countdown.js", "/openapi.yaml", "/favicon.ico", "/problems"
          }) {
        HttpResponse<String> first = gateway.get(path);
        assertEquals(200, first.statusCode(), path);
        assertEquals("no-cache", first.headers().firstValue("Cache-Control").orElse(""), path);
        String tag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again =
            gateway.send(HttpRequest.newBuilder(gateway.uri(path)).header("If-None-Match", tag));
        assertEquals(304, again.statusCode(), path);
        assertEquals("", again.body(), path);
      }
      HttpResponse<String> script = gateway.get("/assets/digilocker-countdown.js");
      assertEquals("*", script.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
      assertTrue(gateway.get("/problems").body().contains("/problems/circuit-open"));
    }
  }
}
