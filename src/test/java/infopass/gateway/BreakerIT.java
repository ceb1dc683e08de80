package infopass.gateway;

import static infopass.gateway.RunningGateway.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BreakerIT {
  private static final String LONG = "60s";
  private static final String SHORT = "200ms";

  private static String breaker(int minimumCalls, String openFor) {
    return """
        infopass:
          retry: {maxAttempts: 1}
          circuitBreaker: {minimumCalls: %s, window: 60s, openFor: %s}
        """
        .formatted(minimumCalls, openFor);
  }

  private static void send(RunningGateway gateway, String scenario, int times, int status) {
    for (int i = 0; i < times; i++) {
      assertEquals(status, gateway.initFor(scenario).statusCode());
    }
  }

  private static void assertCircuitOpen(HttpResponse<String> response, int mostSeconds) {
    assertEquals(503, response.statusCode(), response.body());
    JsonObject problem = RunningGateway.json(response);
    assertEquals("/problems/circuit-open", problem.getString("type"));
    assertEquals("not-sent", problem.getString("outcome"));
    int seconds = Integer.parseInt(response.headers().firstValue("Retry-After").orElseThrow());
    assertEquals(seconds, problem.getInteger("retryAfterSeconds"));
    assertTrue(seconds >= 1 && seconds <= mostSeconds, "Retry-After: " + seconds);
  }

  @Test
  void opensAtHalfOfTheCallsAndThenAnswersWithoutAsking() {
    try (RunningGateway gateway = RunningGateway.start(breaker(10, LONG))) {
      // Given
      Witness witness = new Witness(gateway);
      send(gateway, "Test Kumar", 5, 200);
      send(gateway, "Status 500", 5, 502);
      assertEquals(List.of("OPEN"), await(witness.circuit(1)));
      long seen = gateway.journal().total();

      // When
      long begun = System.nanoTime();
      HttpResponse<String> response = gateway.initFor("Test Kumar");
      long took = System.nanoTime() - begun;

      // Then
      assertCircuitOpen(response, 90);
      assertEquals(seen, gateway.journal().total());
      assertTrue(took < TimeUnit.SECONDS.toNanos(4));
    }
  }

  @Test
  void staysClosedBelowTheRateAndBelowTheVolume() {
    try (RunningGateway gateway = RunningGateway.start(breaker(10, LONG))) {
      // Given
      Witness witness = new Witness(gateway);

      // When: nine failures are too few to judge, and the tenth call and all later ones are good
      send(gateway, "Test Kumar", 6, 200);
      send(gateway, "Status 500", 5, 502);
      send(gateway, "Test Kumar", 1, 200);

      // Then
      assertEquals(List.of(), witness.circuit());
    }
  }

  @Test
  void opensUnderFailuresThatASuccessInterruptsAgainAndAgain() {
    try (RunningGateway gateway = RunningGateway.start(breaker(9, LONG))) {
      // Given
      Witness witness = new Witness(gateway);

      // When
      for (int i = 0; i < 3; i++) {
        send(gateway, "Status 502", 2, 502);
        send(gateway, "Test Kumar", 1, 200);
      }

      // Then
      assertEquals(List.of("OPEN"), await(witness.circuit(1)));
      assertCircuitOpen(gateway.initFor("Test Kumar"), 90);
    }
  }

  @Test
  void closesAfterAnyAnswerToTheProbe() {
    for (String answering : List.of("Test Kumar", "Status 429", "Status 401", "Status 404")) {
      try (RunningGateway gateway = RunningGateway.start(breaker(3, SHORT))) {
        // Given
        Witness witness = new Witness(gateway);
        send(gateway, "Status 500", 3, 502);
        assertEquals(List.of("OPEN", "HALF_OPEN"), await(witness.circuit(2)));

        // When
        gateway.initFor(answering);

        // Then
        assertEquals(List.of("OPEN", "HALF_OPEN", "CLOSED"), await(witness.circuit(3)), answering);
        send(gateway, "Test Kumar", 1, 200);
      }
    }
  }

  @Test
  void opensAgainAfterAProbeThatFails() {
    try (RunningGateway gateway = RunningGateway.start(breaker(3, SHORT))) {
      // Given
      Witness witness = new Witness(gateway);
      send(gateway, "Status 500", 3, 502);
      await(witness.circuit(2));

      // When
      send(gateway, "Status 503", 1, 503);

      // Then
      assertEquals(List.of("OPEN", "HALF_OPEN", "OPEN", "HALF_OPEN"), await(witness.circuit(4)));
    }
  }

  @Test
  void doesNotOpenForWhatTellsNothingOfThePartnersHealth() {
    try (RunningGateway gateway = RunningGateway.start(breaker(3, LONG))) {
      // Given
      Witness witness = new Witness(gateway);

      // When
      send(gateway, "Status 401", 6, 401);
      send(gateway, "Status 403", 6, 403);
      send(gateway, "Reject 0x0422", 6, 422);
      send(gateway, "Status 429", 2, 503);

      // Then
      send(gateway, "Test Kumar", 1, 200);
      send(gateway, "Status 429", 6, 503);
      assertEquals(List.of(), witness.circuit());
    }
  }

  @Test
  void refusesWhoeverComesWhileAProbeIsUnderWay() throws Exception {
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), breaker(1, SHORT))) {
      // Given
      Witness witness = new Witness(gateway);
      CompletableFuture<HttpResponse<String>> opening = async(gateway, "opening");
      await(partner.arrival("opening")).answer(500, "{}");
      opening.get(10, TimeUnit.SECONDS);
      await(witness.circuit(2));
      CompletableFuture<HttpResponse<String>> probe = async(gateway, "probe");
      FakePartner.Held held = await(partner.arrival("probe"));

      // When
      HttpResponse<String> other = gateway.initFor("Test Kumar");

      // Then
      assertCircuitOpen(other, 3);
      assertEquals(2, partner.received().size());
      held.grant();
      assertEquals(200, probe.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals("CLOSED", await(witness.circuit(3)).get(2));
    }
  }

  @Test
  void callsBegunBeforeItOpenedDoNotChangeItsState() throws Exception {
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), breaker(2, SHORT))) {
      // Given: four calls under way, then enough failures
      Witness witness = new Witness(gateway);
      List<CompletableFuture<HttpResponse<String>>> stragglers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        stragglers.add(async(gateway, "straggler-" + i));
        await(partner.arrival("straggler-" + i));
      }
      for (int i = 0; i < 2; i++) {
        CompletableFuture<HttpResponse<String>> failing = async(gateway, "failing-" + i);
        await(partner.arrival("failing-" + i)).answer(500, "{}");
        assertEquals(502, failing.get(10, TimeUnit.SECONDS).statusCode());
      }
      await(witness.circuit(2));

      // When: one of before ends well, and the probe does not
      await(partner.arrival("straggler-0")).grant();
      assertEquals(200, stragglers.get(0).get(10, TimeUnit.SECONDS).statusCode());
      CompletableFuture<HttpResponse<String>> badProbe = async(gateway, "bad-probe");
      await(partner.arrival("bad-probe")).answer(500, "{}");
      badProbe.get(10, TimeUnit.SECONDS);

      // Then: it was still half open
      assertEquals(List.of("OPEN", "HALF_OPEN", "OPEN", "HALF_OPEN"), await(witness.circuit(4)));

      // When: it has closed, and the others of before fail
      CompletableFuture<HttpResponse<String>> probe = async(gateway, "probe");
      await(partner.arrival("probe")).grant();
      probe.get(10, TimeUnit.SECONDS);
      await(witness.circuit(5));
      for (int i = 1; i < 4; i++) {
        await(partner.arrival("straggler-" + i)).answer(500, "{}");
        assertEquals(502, stragglers.get(i).get(10, TimeUnit.SECONDS).statusCode());
      }

      // Then
      CompletableFuture<HttpResponse<String>> next = async(gateway, "next");
      await(partner.arrival("next")).grant();
      assertEquals(200, next.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(5, witness.circuit().size());
    }
  }

  @Test
  void thePoolIsOneForAllEventLoops() throws Exception {
    String yaml =
        """
        http: {host: 127.0.0.1, port: 0, instances: 1}
        infopass: {pool: {size: 8, waitQueue: 0}}
        """;
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), yaml)) {
      // When: all come on one loop
      List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(async(gateway, "one-loop-" + i));
      }

      // Then
      for (int i = 0; i < 8; i++) {
        await(partner.arrival("one-loop-" + i)).grant();
      }
      for (CompletableFuture<HttpResponse<String>> each : all) {
        assertEquals(200, each.get(30, TimeUnit.SECONDS).statusCode());
      }
    }
  }

  @Test
  void aStreamOfOverloadDoesNotOpenIt() throws Exception {
    String yaml =
        """
        http: {host: 127.0.0.1, port: 0, instances: 1}
        infopass:
          instances: 1
          pool: {size: 1, waitQueue: 0}
          circuitBreaker: {minimumCalls: 3, openFor: 60s}
        """;
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), yaml)) {
      // Given
      Witness witness = new Witness(gateway);
      CompletableFuture<HttpResponse<String>> first = async(gateway, "first");
      FakePartner.Held held = await(partner.arrival("first"));

      // When
      for (int i = 0; i < 9; i++) {
        assertEquals(
            "/problems/overloaded",
            RunningGateway.json(gateway.initFor("Test Kumar")).getString("type"));
      }
      held.grant();

      // Then
      assertEquals(200, first.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(List.of(), witness.circuit());
    }
  }

  @Test
  void callersWithLittleTimeSayNothingOfThePartner() throws Exception {
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), breaker(3, LONG))) {
      // Given
      Witness witness = new Witness(gateway);
      List<CompletableFuture<HttpResponse<String>>> hasty = new ArrayList<>();

      // When
      for (int i = 0; i < 6; i++) {
        hasty.add(hasty(gateway, "hasty-" + i));
        await(partner.arrival("hasty-" + i));
      }
      for (CompletableFuture<HttpResponse<String>> each : hasty) {
        assertEquals(504, each.get(30, TimeUnit.SECONDS).statusCode());
      }

      // Then
      CompletableFuture<HttpResponse<String>> next = async(gateway, "next");
      await(partner.arrival("next")).grant();
      assertEquals(200, next.get(30, TimeUnit.SECONDS).statusCode());
      assertEquals(List.of(), witness.circuit());
    }
  }

  @Test
  void aProbeWithLittleTimeLeavesItToTheNextCall() throws Exception {
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), breaker(1, SHORT))) {
      // Given
      Witness witness = new Witness(gateway);
      CompletableFuture<HttpResponse<String>> opening = async(gateway, "opening");
      await(partner.arrival("opening")).answer(500, "{}");
      opening.get(30, TimeUnit.SECONDS);
      await(witness.circuit(2));

      // When
      assertEquals(504, hasty(gateway, "hasty").get(30, TimeUnit.SECONDS).statusCode());

      // Then
      CompletableFuture<HttpResponse<String>> next = async(gateway, "next");
      await(partner.arrival("next")).grant();
      assertEquals(200, next.get(30, TimeUnit.SECONDS).statusCode());
      assertEquals(List.of("OPEN", "HALF_OPEN", "CLOSED"), await(witness.circuit(3)));
    }
  }

  @Test
  void callsThatWaitForAConnectionAreNoProbesBesideTheProbe() throws Exception {
    String yaml =
        """
        http: {host: 127.0.0.1, port: 0, instances: 1}
        infopass:
          instances: 1
          pool: {size: 3, waitQueue: 8}
          retry: {maxAttempts: 1}
          circuitBreaker: {minimumCalls: 2, window: 60s, openFor: 200ms}
        """;
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), yaml)) {
      // Given: every connection is taken and calls wait, when the circuit opens
      Witness witness = new Witness(gateway);
      CompletableFuture<HttpResponse<String>> opening = async(gateway, "opening");
      await(partner.arrival("opening")).answer(500, "{}");
      opening.get(30, TimeUnit.SECONDS);
      List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        held.add(async(gateway, "held-" + i));
        await(partner.arrival("held-" + i));
      }
      List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        waiting.add(async(gateway, "waiting-" + i));
      }
      Until.holds(
          () -> gateway.getManagement("/metrics").body().contains("infopass_pool_waiting 6.0"));
      await(partner.arrival("held-0")).answer(500, "{}");
      await(witness.circuit(2));
      int seen = partner.received().size();

      // When
      await(partner.arrival("held-1")).answer(500, "{}");
      await(partner.arrival("held-2")).answer(500, "{}");
      held.get(1).get(30, TimeUnit.SECONDS);
      held.get(2).get(30, TimeUnit.SECONDS);

      // Then: one probes, and the others are refused
      int refused = 0;
      while (refused < 4) {
        CompletableFuture.anyOf(waiting.toArray(CompletableFuture[]::new))
            .get(30, TimeUnit.SECONDS);
        int before = waiting.size();
        waiting.removeIf(CompletableFuture::isDone);
        refused += before - waiting.size();
      }
      assertTrue(partner.received().size() - seen <= 1, "calls beside the probe");
    }
  }

  @Test
  void thoseWhoAreRefusedTogetherAreToComeBackApart() {
    try (RunningGateway gateway = RunningGateway.start(breaker(3, LONG))) {
      // Given
      Witness witness = new Witness(gateway);
      send(gateway, "Status 500", 3, 502);
      await(witness.circuit(1));

      // When
      Set<Integer> seconds = new TreeSet<>();
      for (int i = 0; i < 40; i++) {
        HttpResponse<String> response = gateway.initFor("Test Kumar");
        assertCircuitOpen(response, 90);
        seconds.add(RunningGateway.json(response).getInteger("retryAfterSeconds"));
      }

      // Then: none before there is sense in it
      assertTrue(seconds.size() > 5, seconds::toString);
      assertTrue(seconds.iterator().next() > 20, seconds::toString);
    }
  }

  @Test
  void anOutageOfThePartnersIsNoQuota() {
    try (RunningGateway gateway = RunningGateway.start(breaker(1000, LONG))) {
      // When
      send(gateway, "Status 503", 2, 503);
      send(gateway, "Status 429", 1, 503);

      // Then
      String metrics = gateway.getManagement("/metrics").body();
      assertTrue(metrics.contains("infopass_busy_total{cause=\"unavailable\"} 2.0"), metrics);
      assertTrue(metrics.contains("infopass_busy_total{cause=\"quota\"} 1.0"), metrics);
    }
  }

  @Test
  void doesNotAskBeforeThePartnerSaidItCouldBe() {
    try (RunningGateway gateway = RunningGateway.start(breaker(3, SHORT))) {
      // Given
      Witness witness = new Witness(gateway);

      // When
      send(gateway, "Status 503 40", 3, 503);
      await(witness.circuit(1));

      // Then
      HttpResponse<String> refused = gateway.initFor("Test Kumar");
      assertCircuitOpen(refused, 90);
      int seconds = RunningGateway.json(refused).getInteger("retryAfterSeconds");
      assertTrue(seconds > 20, "Retry-After: " + seconds);
    }
  }

  private static CompletableFuture<HttpResponse<String>> hasty(
      RunningGateway gateway, String correlationId) {
    HttpRequest.Builder request = gateway.init(RunningGateway.SEED);
    return gateway.sendAsync(
        request.header("X-Correlation-Id", correlationId).header("Prefer", "wait=1"));
  }

  private static CompletableFuture<HttpResponse<String>> async(
      RunningGateway gateway, String correlationId) {
    HttpRequest.Builder request = gateway.init(RunningGateway.SEED);
    return gateway.sendAsync(request.header("X-Correlation-Id", correlationId));
  }
}
