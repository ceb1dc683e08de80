package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The countdown URL in all its forms, over real sockets. */
class CountdownIT {
  private static final String KEY_A = "an old signing key of more than 32 bytes";
  private static final String KEY_B = "a newer signing key of more than 32 bytes";

  private RunningGateway gateway;

  @AfterEach
  void close() {
    if (gateway != null) {
      gateway.close();
    }
  }

  private static String keys(String... keys) {
    return "countdown: {expiringAt: 2s, signingKeys: ['" + String.join("', '", keys) + "']}\n";
  }

  private String linkFor(String name) {
    HttpResponse<String> response = gateway.initFor(name);
    assertEquals(200, response.statusCode(), response.body());
    return RunningGateway.json(response).getJsonObject("countdown").getString("url");
  }

  private HttpRequest.Builder events(String link) {
    return HttpRequest.newBuilder(gateway.uri(link)).header("Accept", "text/event-stream");
  }

  /** The names of a stream's events with the remaining seconds, in order. */
  private static List<String> names(String stream) {
    List<String> names = new ArrayList<>();
    for (String block : stream.split("\n\n")) {
      String event = field(block, "event: ");
      if (!event.isEmpty()) {
        JsonObject data = new JsonObject(field(block, "data: "));
        assertEquals(field(block, "id: "), data.getLong("remainingSeconds").toString());
        names.add(event + ":" + data.getString("state"));
      }
    }
    return names;
  }

  private static String field(String block, String name) {
    return Arrays.stream(block.split("\n"))
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()))
        .findFirst()
        .orElse("");
  }

  @Test
  void anEventStreamCountsDownWarnsExpiresAndThenStaysEnded() {
    // Given
    gateway = RunningGateway.start(keys(KEY_A));
    String link = linkFor("Expiry 5");

    // When
    HttpResponse<String> stream = gateway.send(events(link));
    HttpResponse<String> again = gateway.send(events(link));

    // Then
    assertEquals(200, stream.statusCode());
    assertEquals("text/event-stream", stream.headers().firstValue("Content-Type").get());
    assertEquals("no-store", stream.headers().firstValue("Cache-Control").get());
    assertEquals("no", stream.headers().firstValue("X-Accel-Buffering").get());
    List<String> names = names(stream.body());
    assertEquals("countdown:active", names.get(0));
    assertEquals(1, names.stream().filter("expiring:expiring"::equals).count());
    assertEquals("expired:expired", names.get(names.size() - 1));
    assertTrue(names.size() >= 6, names.toString());
    assertEquals(204, again.statusCode());
    assertEquals("expired", RunningGateway.json(gateway.get(link)).getString("state"));
  }

  @Test
  void aWebSocketGetsTheSameObjectsAndIsClosedNormally() {
    // Given
    gateway = RunningGateway.start(keys(KEY_A));
    String link = linkFor("Expiry 4");
    WebSocketClient client = webSockets();
    List<String> states = new ArrayList<>();
    Promise<Integer> closed = Promise.promise();

    // When
    client
        .webSocket()
        .textMessageHandler(text -> states.add(new JsonObject(text).getString("state")))
        .connect(gateway.port(), "127.0.0.1", link)
        .onSuccess(
            socket -> socket.closeHandler(v -> closed.complete((int) socket.closeStatusCode())))
        .onFailure(closed::fail);

    // Then
    assertEquals(1000, RunningGateway.await(closed.future()));
    assertEquals("active", states.get(0));
    assertTrue(states.contains("expiring"), states.toString());
    assertEquals("expired", states.get(states.size() - 1));
  }

  @Test
  void aWebSocketOfAForeignPageIsRefusedAndOneOfAListedPageIsNot() {
    // Given
    gateway =
        RunningGateway.start(
            "http: {host: 127.0.0.1, port: 0, allowedOrigins: ['https://app.example.in']}\n"
                + keys(KEY_A));
    String link = linkFor("Test Kumar");

    // When
    Future<?> foreign = connect(link, "https://evil.example");
    Future<?> listed = connect(link, "https://app.example.in");
    Future<?> own = connect(link, "http://127.0.0.1:" + gateway.port());

    // Then
    Throwable refused =
        RunningGateway.await(foreign.transform(f -> Future.succeededFuture(f.cause())));
    assertEquals(403, ((UpgradeRejectedException) refused).getStatus());
    RunningGateway.await(listed);
    RunningGateway.await(own);
  }

  private Future<?> connect(String link, String origin) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(gateway.port())
            .setURI(link)
            .setHeaders(MultiMap.caseInsensitiveMultiMap().add("Origin", origin));
    return webSockets().connect(options);
  }

  private WebSocketClient webSockets() {
    return gateway.keep(gateway.vertx().createWebSocketClient());
  }

  @Test
  void pagesOfListedOriginsMayReadAndOthersMayNot() {
    // Given
    gateway =
        RunningGateway.start(
            "http: {host: 127.0.0.1, port: 0, allowedOrigins: ['https://app.example.in']}\n"
                + keys(KEY_A));
    String link = linkFor("Test Kumar");

    // When
    HttpResponse<String> listed = gateway.send(from(link, "https://app.example.in"));
    HttpResponse<String> foreign = gateway.send(from(link, "https://evil.example"));

    // Then
    assertEquals(
        "https://app.example.in",
        listed.headers().firstValue("Access-Control-Allow-Origin").orElse(null));
    assertTrue(listed.headers().firstValue("Vary").get().contains("Origin"));
    assertFalse(foreign.headers().firstValue("Access-Control-Allow-Origin").isPresent());
  }

  private HttpRequest.Builder from(String link, String origin) {
    return HttpRequest.newBuilder(gateway.uri(link)).header("Origin", origin);
  }

  @Test
  void aLinkWorksOnAnotherInstanceAndWithAKeyThatIsStillListed() {
    // Given
    gateway = RunningGateway.start(keys(KEY_A));
    String link = linkFor("Test Kumar");
    gateway.close();

    // When
    gateway = RunningGateway.start(keys(KEY_B, KEY_A));
    int listed = gateway.get(link).statusCode();
    String newer = linkFor("Test Kumar");
    gateway.close();
    gateway = RunningGateway.start(keys(KEY_B));

    // Then
    assertEquals(200, listed);
    assertEquals(403, gateway.get(link).statusCode());
    assertEquals(200, gateway.get(newer).statusCode());
  }

  @Test
  void aLinkThatIsNotWhatWasHandedOutIsRefused() {
    // Given
    gateway = RunningGateway.start(keys(KEY_A));

    for (String query :
        List.of(
            "",
            "?",
            "?expires=1",
            "?signature=x",
            "?expires=&signature=",
            "?expires=-1&signature=x.y",
            "?expires=99999999999999999999999999&signature=x.y",
            "?expires=1e9&signature=x.y",
            "?expires=99999999999&signature=x.y",
            "?expires=%00&signature=%00",
            "?expires=1&expires=2&signature=a&signature=b",
            "?every=1&expires=0&signature=.",
            "?expires=1&signature=%25")) {
      // When
      HttpResponse<String> response = gateway.send(rawGet(query));

      // Then
      assertEquals(403, response.statusCode(), query);
      assertEquals("/problems/bad-signature", RunningGateway.json(response).getString("type"));
    }
  }

  private HttpRequest.Builder rawGet(String query) {
    return HttpRequest.newBuilder(
        gateway.uri("/api/v1/in/digilocker/countdown/digilocker_x" + query));
  }

  @Test
  void aTamperedLinkOrAnotherClientsSignatureIsRefused() {
    // Given
    gateway = RunningGateway.start(keys(KEY_A));
    String link = linkFor("Test Kumar");
    String other = linkFor("Test Kumar");
    long expires = Long.parseLong(link.replaceAll(".*expires=(\\d+).*", "$1"));

    // Then
    assertEquals(
        403,
        gateway.get(link.replace("expires=" + expires, "expires=" + (expires + 60))).statusCode());
    assertEquals(403, gateway.get(link.replaceAll(".$", "!")).statusCode());
    assertEquals(403, gateway.get(link.substring(0, link.length() - 4)).statusCode());
    assertEquals(
        403,
        gateway
            .get(link.replaceAll("signature=.*", other.replaceAll(".*(signature=.*)", "$1")))
            .statusCode());
    assertEquals(200, gateway.get(link).statusCode());
  }

  @Test
  void linksAreAbsoluteWhereThePublicUrlIsSet() {
    // Given
    gateway =
        RunningGateway.start(
            "http: {host: 127.0.0.1, port: 0, publicUrl: 'https://kyc.example.in/gw'}\n"
                + keys(KEY_A));

    // When
    String link = linkFor("Test Kumar");

    // Then
    assertTrue(
        link.startsWith("https://kyc.example.in/gw/api/v1/in/digilocker/countdown/digilocker_"),
        link);
  }

  @Test
  void streamsBeyondTheLimitAreRefusedAndAPlaceIsFreedWhenOneEnds() throws Exception {
    // Given
    gateway =
        RunningGateway.start(
            "countdown: {maxStreams: 1, expiringAt: 1s, signingKeys: ['" + KEY_A + "']}\n");
    String link = linkFor("Expiry 3");
    var first = gateway.sendAsync(events(link));
    String long1 = linkFor("Test Kumar");
    HttpResponse<String> second = untilStatus(503, long1);

    // When
    first.get();

    // Then
    assertEquals("/problems/overloaded", RunningGateway.json(second).getString("type"));
    assertTrue(second.headers().firstValue("Retry-After").isPresent());
    assertEquals(200, gateway.send(events(linkFor("Expiry 2"))).statusCode());
  }

  /** The first stream may not be open yet: asks with links that end soon until the limit bites. */
  private HttpResponse<String> untilStatus(int status, String link) {
    for (int i = 0; i < 50; i++) {
      HttpResponse<String> response = gateway.send(events(linkFor("Expiry 1")));
      if (response.statusCode() == status) {
        return response;
      }
    }
    throw new AssertionError("never " + status + " for " + link);
  }

  @Test
  void streamsEndFirstWithAHintWhenTheGatewayStops() throws Exception {
    // Given
    gateway = RunningGateway.start(keys(KEY_A));
    String link = linkFor("Test Kumar");
    var stream = gateway.sendAsync(events(link));
    Promise<Integer> closed = Promise.promise();
    WebSocketClient client = webSockets();
    RunningGateway.await(
        client
            .connect(gateway.port(), "127.0.0.1", link)
            .onSuccess(
                socket ->
                    socket.closeHandler(v -> closed.complete((int) socket.closeStatusCode()))));
    gateway.get(link);

    // When
    gateway.close();

    // Then
    String body = stream.get().body();
    assertTrue(body.endsWith("retry: 500\n\n"), body);
    assertEquals(1012, RunningGateway.await(closed.future()));
  }

  @Test
  void socketsGiveTheirPlacesBack() {
    // Given
    gateway =
        RunningGateway.start(
            "http: {host: 127.0.0.1, port: 0, maxConnections: 4}\n"
                + "countdown: {maxStreams: 2, signingKeys: ['"
                + KEY_A
                + "']}\n");
    String link = linkFor("Test Kumar");
    WebSocketClient client = webSockets();

    // When
    for (int i = 0; i < 12; i++) {
      Promise<Void> closed = Promise.promise();
      RunningGateway.await(
          client
              .connect(gateway.port(), "127.0.0.1", link)
              .compose(
                  socket -> {
                    socket.closeHandler(v -> closed.complete());
                    return socket.close().compose(v -> closed.future());
                  }));
    }

    // Then
    assertEquals(200, gateway.initFor("Test Kumar").statusCode());
    assertEquals(200, gateway.send(events(linkFor("Expiry 2"))).statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nContent-Length: 9000\r\n",
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nTransfer-Encoding: chunked\r\n",
        "Connection: Upgrade\r\n",
        "Connection: Upgrade\r\nSec-WebSocket-Key: short\r\n"
      })
  void aHandshakeThatIsNoneIsRefusedAndTakesNoPlace(String fields) throws Exception {
    // Given
    gateway =
        RunningGateway.start(
            "countdown: {maxStreams: 1, expiringAt: 1s, signingKeys: ['" + KEY_A + "']}\n");
    String link = linkFor("Test Kumar");

    // When
    for (int i = 0; i < 3; i++) {
      String head =
          "GET "
              + link
              + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
              + "Sec-WebSocket-Version: 13\r\n"
              + fields
              + "\r\n";
      try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
        socket.setSoTimeout(5_000);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        byte[] status = socket.getInputStream().readNBytes(12);
        assertEquals("HTTP/1.1 400", new String(status, StandardCharsets.US_ASCII));
      }
    }

    // Then
    assertEquals(200, gateway.send(events(linkFor("Expiry 2"))).statusCode());
  }

  @Test
  void anImpossiblePeriodIsRefused() {
    gateway = RunningGateway.start(keys(KEY_A));
    for (String every : List.of("0", "-1", "x", "3601", "99999", "")) {
      HttpResponse<String> response =
          gateway.send(events(linkFor("Test Kumar") + "&every=" + every));
      assertEquals(400, response.statusCode(), every);
    }
  }
}
