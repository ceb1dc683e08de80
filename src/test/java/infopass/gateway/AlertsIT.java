package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each trouble, made with the sandbox, makes a real Prometheus fire the alert that is for it. The
 * rules are those of conf/ but for their times: seconds in place of minutes.
 */
@Timeout(120)
class AlertsIT {
  private static final Path RULES = Path.of("conf/prometheus/alerts.yaml");

  /** The job is the trouble's name, but for the one that the rule names. */
  private static final Set<String> EXPECTED =
      Set.of(
          "circuit InfopassCircuitOpen",
          "account InfopassAccountRefused",
          "quota InfopassQuotaExhausted",
          "unavailable InfopassUnavailable",
          "quota InfopassQuotaWaits",
          "overload GatewayOverloaded",
          "blocked GatewayEventLoopBlocked",
          "leaving GatewayNotReady",
          "infopass-gateway GatewayDown",
          "various GatewayFailures",
          "various GatewayInternalFailures",
          "various GatewaySlow",
          "various InfopassCrossedLink",
          "various InfopassPossibleDuplicates",
          "various GatewayStreamsNearlyFull",
          "various GatewayMemoryDisplaced");

  private final Map<String, RunningGateway> gateways = new LinkedHashMap<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicBoolean bug = new AtomicBoolean();
  private int round;

  @AfterEach
  void stop() {
    over.countDown();
    gateways.values().forEach(RunningGateway::close);
  }

  @Test
  void eachTroubleFiresItsAlert(@TempDir Path folder) throws Exception {
    PrometheusServer.assumeInstalled();
    // Given
    Path rules = folder.resolve("alerts.yaml");
    String hurried =
        Files.readString(RULES)
            .replaceAll("for: \\d+[sm]", "for: 1s")
            .replaceAll("\\[\\d+m]", "[5s]")
            .replaceAll("offset \\d+m", "offset 5s");
    Files.writeString(rules, hurried);
    start();
    Map<String, Integer> ports = new LinkedHashMap<>();
    gateways.forEach((job, gateway) -> ports.put(job, gateway.managementPort()));
    gateways.get("infopass-gateway").close();

    // When
    Set<String> fired = new TreeSet<>();
    try (PrometheusServer prometheus = PrometheusServer.start(folder, ports, rules)) {
      CompletableFuture.runAsync(gateways.get("leaving")::close);
      PrometheusServer.eventually(
          Duration.ofSeconds(60),
          () -> {
            trouble();
            fired.addAll(prometheus.firing());
            return Optional.of(fired).filter(all -> all.containsAll(EXPECTED));
          });
    } catch (TimeoutException late) {
      Set<String> missing = new TreeSet<>(EXPECTED);
      missing.removeAll(fired);
      assertEquals(Set.of(), missing, "fired: " + fired);
    }

    // Then
    assertEquals(names(), alerts(fired));
    // That an event loop is late can be true of any of them, on a machine with too much to do.
    fired.removeIf(
        alert -> !alert.startsWith("well ") || alert.endsWith(" GatewayEventLoopBlocked"));
    assertEquals(Set.of(), fired);
  }

  private static Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (Object group : (List<?>) ((Map<?, ?>) OperatorFilesTest.yaml(RULES)).get("groups")) {
      for (Object rule : (List<?>) ((Map<?, ?>) group).get("rules")) {
        names.add((String) ((Map<?, ?>) rule).get("alert"));
      }
    }
    return names;
  }

  private static Set<String> alerts(Set<String> fired) {
    Set<String> names = new TreeSet<>();
    fired.forEach(alert -> names.add(alert.split(" ")[1]));
    return names;
  }

  private void start() throws Exception {
    gateways.put("well", RunningGateway.start());
    gateways.put("infopass-gateway", RunningGateway.start());
    gateways.put("leaving", RunningGateway.start("shutdown: {drainDelay: 10s}"));
    gateways.put(
        "circuit",
        RunningGateway.start("infopass: {circuitBreaker: {minimumCalls: 1, openFor: 60s}}"));
    gateways.put(
        "account",
        RunningGateway.start(
            "infopass: {username: denied, password: refused}\n"
                + "auth: {mode: callers, callers: [{id: user, secretSha256: "
                + sha256("pass")
                + "}]}"));
    gateways.put("quota", RunningGateway.start("infopass: {quota: {requests: 1, per: 60s}}"));
    gateways.put(
        "unavailable",
        RunningGateway.start(
            "infopass: {retry: {maxAttempts: 1}, circuitBreaker: {minimumCalls: 100000}}"));
    gateways.put("overload", RunningGateway.start("admission: {maxInFlight: 1}"));
    gateways.put("blocked", RunningGateway.start());
    Surroundings own = Surroundings.system();
    BrokenClock clock = new BrokenClock(own.clock(), Set.of("InitAnswer"), bug::get);
    gateways.put(
        "various",
        RunningGateway.startIn(
            new Surroundings(clock, own.nanoTime(), own.random()),
            """
            infopass:
              timeouts: {attempt: 15s, overall: 19s}
              retry: {backoff: {initial: 1ms, max: 2ms}, budget: {minPerSecond: 1000}}
              circuitBreaker: {minimumCalls: 100000}
            idempotency: {maxEntries: 1}
            countdown: {maxStreams: 1}
            """));
  }

  private static String sha256(String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** A round of requests of each kind; nobody waits for their answers. */
  private void trouble() {
    bug.set(round % 10 == 9);
    send("well", "Test Kumar");
    send("circuit", "Status 500");
    send("account", "Test Kumar");
    send("quota", "Test Kumar");
    send("unavailable", "Status 503");
    send("overload", "Slow 1000");
    send("overload", "Slow 1000");
    send("various", "Status 500");
    send("various", "Crossed");
    RunningGateway various = gateways.get("various");
    various.sendAsync(various.init(RunningGateway.SEED).header("Idempotency-Key", "key-" + round));
    if (round < 40) {
      send("various", "Slow 10500");
    }
    if (round % 25 == 0) {
      gateways.get("blocked").vertx().runOnContext(begun -> block());
      openStream(various);
    }
    round++;
  }

  private void send(String job, String name) {
    RunningGateway gateway = gateways.get(job);
    gateway.sendAsync(gateway.init(RunningGateway.body(name)));
  }

  /** What must never be done there. */
  private void block() {
    try {
      over.await(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes the one stream that may be open. */
  private static void openStream(RunningGateway gateway) {
    JsonObject answer = RunningGateway.json(gateway.initFor("Test Kumar"));
    String link = answer.getJsonObject("countdown").getString("url");
    HttpRequest.Builder asked = HttpRequest.newBuilder(gateway.uri(link));
    gateway.sendAsync(asked.header("Accept", "text/event-stream"));
  }
}
