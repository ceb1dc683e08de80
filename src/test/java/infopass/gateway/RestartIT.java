package infopass.gateway;

import static infopass.gateway.RunningGateway.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers notice when an instance is stopped and started again. */
class RestartIT {
  private static final int RESTARTS = 4;
  private static final int LINKS_BETWEEN = 100;

  private final Vertx vertx = Vertx.vertx();
  private Sandbox partner;

  @BeforeEach
  void startThePartner() {
    partner =
        await(
            new Sandbox(
                    vertx,
                    SandboxOptions.defaults()
                        .withLatency(Duration.ofMillis(5))
                        .withFailRate(0.02)
                        .withJournalCapacity(1_000_000))
                .start());
  }

  @AfterEach
  void stopThePartner() {
    await(vertx.close());
  }

  @Test
  void restartsUnderLoadLoseNothingAndAskForNothingTwice() throws Exception {
    // Given
    int port = FreePort.find();
    // The partner fails now and then, so that there are retries in flight at each restart.
    String yaml =
        "http: {host: 127.0.0.1, port: %s}\ninfopass: {retry: {maxAttempts: 6}}".formatted(port);
    long possibleDuplicates = 0;
    RunningGateway gateway = RunningGateway.startAgainst(partner.baseUri(), yaml);
    try (RestartLoad load = new RestartLoad(URI.create("http://127.0.0.1:" + port))) {
      // When
      for (int i = 0; i < RESTARTS; i++) {
        assertTrue(load.awaitGranted(LINKS_BETWEEN), "no links any more; lost " + load.lost());
        gateway.close();
        possibleDuplicates += gateway.gateway().calls().possibleDuplicates();
        gateway = RunningGateway.startAgainst(partner.baseUri(), yaml);
      }
      assertTrue(load.awaitGranted(LINKS_BETWEEN), "no links any more; lost " + load.lost());
      load.end();
      possibleDuplicates += gateway.gateway().calls().possibleDuplicates();

      // Then
      assertEquals("[]", load.lost().toString());
      assertTrue(load.draining() > 0, "nobody noticed the restarts");
      assertEquals(Set.of(), load.crossed(partner.journal()));
      long duplicates = load.duplicates(partner.journal());
      assertTrue(
          duplicates <= possibleDuplicates, duplicates + " of which counted " + possibleDuplicates);
    } finally {
      gateway.close();
    }
  }

  @Test
  void whoWaitsForTheQuotaIsToldThatTheInstanceStops() throws Exception {
    String yaml = "infopass: {quota: {requests: 1, per: 15s}, retry: {maxAttempts: 1}}";
    RunningGateway gateway = RunningGateway.start(yaml);
    try {
      // Given
      assertEquals(200, gateway.initFor("Test Kumar").statusCode());
      CompletableFuture<HttpResponse<String>> waiting =
          gateway.sendAsync(
              gateway.init(RunningGateway.SEED).header("X-Correlation-Id", "waiting"));
      Until.holds(() -> waitingRoom(gateway) == 1);

      // When
      long begun = System.nanoTime();
      gateway.close();
      HttpResponse<String> answer = waiting.get(5, TimeUnit.SECONDS);

      // Then
      JsonObject problem = Problems.check(answer, 503, "draining");
      assertEquals("not-sent", problem.getString("outcome"));
      assertEquals("waiting", problem.getString("correlationId"));
      assertEquals("1", answer.headers().firstValue("Retry-After").orElse(""));
      assertEquals(1, gateway.journal().total());
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertTrue(took < 10_000, took + " ms: it was kept for its turn");
    } finally {
      gateway.close();
    }
  }

  @Test
  void onHttp2WhatIsInFlightIsAnsweredWhateverComesBehindIt(@TempDir Path directory)
      throws Exception {
    TestCertificates.Made made = new TestCertificates(directory).loopback("public");
    RunningGateway gateway =
        RunningGateway.start(
            "http: {host: 127.0.0.1, port: 0, tls: {certificate: '%s', key: '%s'}}"
                .formatted(made.certificate(), made.key()));
    try (RawHttp2 connection =
        RawHttp2.to(gateway.port(), TestCertificates.context(made, null)).begin()) {
      // Given
      connection.send(RawHttp2.init(1, RunningGateway.body("Slow 1000")));
      Until.holds(() -> gateway.journal().total() == 1);

      // When
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(gateway::close);
      Until.holds(() -> gateway.getManagement("/health/ready").statusCode() == 503);
      connection.send(RawHttp2.init(3, RunningGateway.SEED));
      assertNotNull(connection.await(RawHttp2.DATA, 3));
      connection.send(RawHttp2.init(5, RunningGateway.SEED));

      // Then
      RawHttp2.Frame answer = connection.await(RawHttp2.DATA, 1);
      assertNotNull(answer, "the connection ended without an answer");
      assertTrue(new String(answer.payload(), StandardCharsets.UTF_8).contains("countdown"));
      stopped.get(10, TimeUnit.SECONDS);
    } finally {
      gateway.close();
    }
  }

  private static int waitingRoom(RunningGateway gateway) {
    String metrics = gateway.getManagement("/metrics").body();
    return (int)
        metrics
            .lines()
            .filter(line -> line.startsWith("infopass_pacer_waiting "))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
            .sum();
  }
}
