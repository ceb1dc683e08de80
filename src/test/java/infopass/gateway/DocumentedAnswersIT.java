package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every answer that the API's document describes can be had from a gateway and its sandbox. That
 * what is answered is documented, {@link ApiWitness} sees to, here and in all other tests.
 */
@Timeout(120)
class DocumentedAnswersIT {
  private static final String CALLERS =
      """
      infopass: {username: denied, password: refused}
      auth:
        mode: callers
        callers:
          - id: app
            secretSha256: 6c904c5190e8b45c2f0af062eefdb2f5b41ce3809b0e6b5bc50aafdd60b290d8
            quota: {requests: 1, per: 60s}
      """;

  private final ApiDocument document = ApiDocument.read();
  private final Set<String> seen = new HashSet<>();

  @Test
  void everyDocumentedAnswerIsGiven() throws Exception {
    // When
    rules();
    limits();
    callers();
    unreachable();
    open();
    draining();
    broken();

    // Then
    Set<String> missing = new TreeSet<>(documented());
    assertTrue(missing.size() > 100, missing::toString);
    missing.removeAll(seen);
    assertEquals(Set.of(), missing);
  }

  /** Each as the operation, the status, and where it has content the media type and the slug. */
  private Set<String> documented() {
    Set<String> answers = new TreeSet<>();
    for (String operation : document.operations()) {
      document
          .responses(operation)
          .forEach(
              (status, response) -> {
                String answer = operation + ' ' + status;
                JsonObject content = response.getJsonObject("content", new JsonObject());
                if (content.isEmpty()) {
                  answers.add(answer);
                }
                for (String type : content.fieldNames()) {
                  if (type.equals("application/problem+json")) {
                    content
                        .getJsonObject(type)
                        .getJsonObject("examples")
                        .fieldNames()
                        .forEach(slug -> answers.add(answer + ' ' + type + ' ' + slug));
                  } else {
                    answers.add(answer + ' ' + type);
                  }
                }
              });
    }
    return answers;
  }

  /** What the rules of HTTP and of the init say, and what the partner does. */
  private void rules() throws Exception {
    String yaml =
        """
        http: {host: 127.0.0.1, port: 0, requestTimeout: 500ms, allowedOrigins: ["https://a.example"]}
        infopass: {retry: {maxAttempts: 1}, circuitBreaker: {minimumCalls: 1000}}
        init: {redirectHosts: [infopass.in]}
        countdown: {maxStreams: 1}
        """;
    try (RunningGateway gateway = RunningGateway.start(yaml)) {
      for (String name :
          List.of("Test Kumar", "Reject 0x0422", "Malformed", "Status 500", "Status 429")) {
        gateway.initFor(name);
      }
      gateway.send(gateway.init("{"));
      gateway.send(gateway.init("{}"));
      gateway.send(gateway.init("x".repeat(20_000)));
      gateway.send(gateway.init(RunningGateway.SEED.replace("https://infopass", "https://other")));
      gateway.send(gateway.init(RunningGateway.SEED).setHeader("Content-Type", "text/plain"));
      gateway.send(gateway.init(RunningGateway.SEED).setHeader("Authorization", "Bearer x"));
      gateway.send(gateway.init(RunningGateway.body("Hang")).header("Prefer", "wait=1"));
      HttpRequest.Builder keyed = keyed(gateway, "Slow 1000");
      CompletableFuture<HttpResponse<String>> first = gateway.sendAsync(keyed);
      gateway.sendAsync(keyed).get(20, TimeUnit.SECONDS);
      first.get(20, TimeUnit.SECONDS);
      gateway.send(keyed(gateway, "Somebody Else"));
      documents(gateway);
      countdown(gateway);
      wire(gateway);
      seen.addAll(gateway.api().seen());
    }
    try (RunningGateway gateway = RunningGateway.start("ui: {enabled: false}")) {
      documents(gateway);
      seen.addAll(gateway.api().seen());
    }
  }

  private static HttpRequest.Builder keyed(RunningGateway gateway, String name) {
    return gateway.init(RunningGateway.body(name)).header("Idempotency-Key", "one");
  }

  private void documents(RunningGateway gateway) {
    for (String operation : document.operations()) {
      String[] parts = operation.split(" ");
      HttpRequest.Builder request = HttpRequest.newBuilder(gateway.uri(path(parts[1])));
      gateway.send(request.method(parts[0], HttpRequest.BodyPublishers.noBody()));
      gateway.send(
          HttpRequest.newBuilder(gateway.uri(path(parts[1])))
              .header("If-None-Match", "*")
              .method(parts[0], HttpRequest.BodyPublishers.noBody()));
      HttpResponse<String> other =
          gateway.send(request.method("PATCH", HttpRequest.BodyPublishers.noBody()));
      if (other.statusCode() == 405) {
        // Counts for the method that is documented.
        seen.add(operation + " 405 application/problem+json method-not-allowed");
      }
    }
    gateway.get("/problems/no-such-problem");
  }

  private static String path(String template) {
    return template.replace("{slug}", "draining").replace("{clientId}", "c");
  }

  private void countdown(RunningGateway gateway) throws Exception {
    String link = link(gateway, "Test Kumar");
    gateway.get(link);
    gateway.send(events(gateway, link + "&every=0"));
    try (RawHttp socket = RawHttp.to(gateway.port(), gateway.api()::saw);
        RawHttp stranger = RawHttp.to(gateway.port(), gateway.api()::saw)) {
      assertEquals(403, stranger.send(handshake(link, "https://b.example")).answer().status());
      assertEquals(101, socket.send(handshake(link, "https://a.example")).answer().status());
      assertEquals(503, gateway.send(events(gateway, link)).statusCode());
    }
    String shortLived = link(gateway, "Expiry 2");
    HttpResponse<String> stream = gateway.send(events(gateway, shortLived));
    while (stream.statusCode() == 503) {
      // The socket's end has not been noticed yet.
      stream = gateway.send(events(gateway, shortLived));
    }
    HttpResponse<String> after = gateway.send(events(gateway, shortLived));
    assertEquals(204, after.statusCode());
  }

  private static String link(RunningGateway gateway, String name) {
    JsonObject answer = RunningGateway.json(gateway.initFor(name));
    return answer.getJsonObject("countdown").getString("url");
  }

  private static HttpRequest.Builder events(RunningGateway gateway, String link) {
    return HttpRequest.newBuilder(gateway.uri(link)).header("Accept", "text/event-stream");
  }

  private static String handshake(String link, String origin) {
    return "GET "
        + link
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: "
        + origin
        + "\r\n\r\n";
  }

  /** What is refused before any route is looked for, at each operation. */
  private void wire(RunningGateway gateway) {
    List<RawHttp> slow = new ArrayList<>();
    for (String operation : document.operations()) {
      String[] parts = operation.split(" ");
      String line = parts[0] + ' ' + path(parts[1]);
      String host = "Host: localhost\r\n";
      slow.add(raw(gateway).send(line + " HTTP/1.1\r\nHost: loc"));
      Map<String, Integer> refused = new HashMap<>();
      refused.put(line + " HTTP/1.1\r\nHost: localhost%00\r\n\r\n", 400);
      refused.put(line + '?' + "x".repeat(8_300) + " HTTP/1.1\r\n" + host + "\r\n", 414);
      refused.put(line + " HTTP/1.1\r\n" + host + "Expect: wonders\r\n\r\n", 417);
      refused.put(line + " HTTP/1.1\r\n" + host + "X: " + "x".repeat(9_000) + "\r\n\r\n", 431);
      refused.put(line + " HTTP/3.0\r\n" + host + "\r\n", 505);
      refused.forEach(
          (request, status) -> {
            try (RawHttp connection = raw(gateway)) {
              assertEquals(status, connection.send(request).answer().status(), request);
            }
          });
    }
    for (RawHttp connection : slow) {
      try (connection) {
        assertEquals(408, connection.answer().status());
      }
    }
  }

  private static RawHttp raw(RunningGateway gateway) {
    return RawHttp.to(gateway.port(), gateway.api()::saw);
  }

  private void limits() throws Exception {
    try (RunningGateway gateway = RunningGateway.start("admission: {maxInFlight: 1}")) {
      HttpRequest.Builder slow = gateway.init(RunningGateway.body("Slow 1000"));
      CompletableFuture<HttpResponse<String>> first = gateway.sendAsync(slow);
      gateway.sendAsync(slow).get(20, TimeUnit.SECONDS);
      first.get(20, TimeUnit.SECONDS);
      seen.addAll(gateway.api().seen());
    }
  }

  private void callers() {
    try (RunningGateway gateway = RunningGateway.start(CALLERS)) {
      HttpRequest.Builder request =
          gateway
              .init(RunningGateway.SEED)
              .setHeader("Authorization", RunningGateway.basic("app", "app-secret"));
      gateway.send(request);
      gateway.send(request);
      seen.addAll(gateway.api().seen());
    }
  }

  private void unreachable() {
    // Nobody listens at the port of discarded bytes.
    URI nobody = URI.create("http://127.0.0.1:9");
    try (RunningGateway gateway =
        RunningGateway.startAgainst(nobody, "infopass: {retry: {maxAttempts: 1}}")) {
      gateway.initFor("Test Kumar");
      seen.addAll(gateway.api().seen());
    }
  }

  private void open() {
    String yaml = "infopass: {retry: {maxAttempts: 1}, circuitBreaker: {minimumCalls: 1}}";
    try (RunningGateway gateway = RunningGateway.start(yaml, SandboxOptions.defaults())) {
      gateway.initFor("Status 500");
      gateway.initFor("Test Kumar");
      seen.addAll(gateway.api().seen());
    }
  }

  private void draining() throws Exception {
    RunningGateway gateway = RunningGateway.start();
    String link = link(gateway, "Test Kumar");
    try (RawHttp init = raw(gateway);
        RawHttp stream = raw(gateway)) {
      gateway.journal().clear();
      CompletableFuture<HttpResponse<String>> busy =
          gateway.sendAsync(gateway.init(RunningGateway.body("Slow 1500")));
      PrometheusServer.eventually(
          Duration.ofSeconds(10),
          () -> Optional.of(1).filter(one -> gateway.journal().total() == 1));
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(gateway::close);
      PrometheusServer.eventually(
          Duration.ofSeconds(10),
          () ->
              Optional.of(503)
                  .filter(down -> gateway.getManagement("/health/ready").statusCode() == down));
      assertEquals(503, init.send(RawInit.seed().bytes()).answer().status());
      String ask =
          "GET " + link + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
      assertEquals(503, stream.send(ask).answer().status());
      assertEquals(200, busy.get(20, TimeUnit.SECONDS).statusCode());
      stopped.get(20, TimeUnit.SECONDS);
    } finally {
      gateway.close();
    }
    seen.addAll(gateway.api().seen());
  }

  /** A bug, in the shape of a clock that those who write answers cannot read. */
  private void broken() {
    AtomicBoolean bug = new AtomicBoolean();
    Surroundings own = Surroundings.system();
    Clock clock = new BrokenClock(own.clock(), Set.of("CountdownRoutes", "InitAnswer"), bug::get);
    try (RunningGateway gateway =
        RunningGateway.startIn(new Surroundings(clock, own.nanoTime(), own.random()), "")) {
      String link = link(gateway, "Test Kumar");
      bug.set(true);
      assertEquals(500, gateway.get(link).statusCode());
      assertEquals(500, gateway.initFor("Test Kumar").statusCode());
      seen.addAll(gateway.api().seen());
    }
  }
}
