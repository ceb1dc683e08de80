package infopass.gateway;

import static infopass.gateway.RunningGateway.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The time that a request has, the places that there are, and callers that do not wait. */
@Timeout(60)
class DeadlineIT {
  private static final String ONE_PLACE =
      """
      http: {host: 127.0.0.1, port: 0, instances: 1}
      infopass:
        instances: 1
        pool: {size: 1, waitQueue: %s}
        timeouts: {attempt: %s}
        retry: {backoff: {initial: 1ms, max: 2ms}, budget: {minPerSecond: 1000}}
        circuitBreaker: {minimumCalls: 1000}
      """;

  private static String onePlace(int waitQueue) {
    return ONE_PLACE.formatted(waitQueue, "10s");
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static void assertBetween(int leastMillis, int mostMillis, Duration took) {
    assertTrue(
        took.toMillis() >= leastMillis && took.toMillis() <= mostMillis, "took " + took.toMillis());
  }

  private static void assertLate(HttpResponse<String> response) {
    assertEquals(504, response.statusCode(), response.body());
    JsonObject problem = RunningGateway.json(response);
    assertEquals("/problems/deadline-exceeded", problem.getString("type"));
    assertEquals("unknown", problem.getString("outcome"));
  }

  @Test
  void theCallersPatienceEndsACallThatHangsAndItsPlaceIsFreeAtOnce() {
    try (RunningGateway gateway = RunningGateway.start(onePlace(0))) {
      // Given: everything is warm
      Witness witness = new Witness(gateway);
      assertEquals(200, gateway.initFor("Test Kumar").statusCode());

      // When
      long begun = System.nanoTime();
      HttpResponse<String> response =
          gateway.send(gateway.init(RunningGateway.body("Hang")).header("Prefer", "wait=1"));
      Duration took = since(begun);
      begun = System.nanoTime();
      HttpResponse<String> next = gateway.initFor("Test Kumar");

      // Then
      assertLate(response);
      assertBetween(995, 4_000, took);
      assertEquals(200, next.statusCode(), next.body());
      assertBetween(0, 4_000, since(begun));
      assertEquals(3, gateway.journal().total());
      assertEquals(List.of(), witness.uncaught());
    }
  }

  @Test
  void aTricklingAnswerDoesNotOutliveTheAttempt() {
    try (RunningGateway gateway = RunningGateway.start(ONE_PLACE.formatted(0, "700ms"))) {
      // Given
      assertEquals(200, gateway.initFor("Test Kumar").statusCode());

      // When: a byte each 50 ms, which no idle timeout would end
      long begun = System.nanoTime();
      HttpResponse<String> response = gateway.initFor("Drip 50");

      // Then: once, as nobody may send it again
      assertLate(response);
      assertBetween(695, 4_000, since(begun));
      assertEquals(2, gateway.journal().total());
      assertEquals(0, gateway.gateway().calls().retries());
      assertEquals(200, gateway.initFor("Test Kumar").statusCode());
    }
  }

  @Test
  void aTricklingAnswerDoesNotOutliveTheCallersPatience() {
    try (RunningGateway gateway = RunningGateway.start(onePlace(0))) {
      long begun = System.nanoTime();
      HttpResponse<String> response =
          gateway.send(gateway.init(RunningGateway.body("Drip 50")).header("Prefer", "wait=1"));

      assertLate(response);
      assertBetween(995, 4_000, since(begun));
    }
  }

  @Test
  void noPatienceAtAllIsAnsweredWithoutAsking() {
    try (RunningGateway gateway = RunningGateway.start(onePlace(0))) {
      // When
      HttpResponse<String> response =
          gateway.send(gateway.init(RunningGateway.SEED).header("Prefer", "wait=0"));

      // Then
      assertEquals(504, response.statusCode());
      assertEquals("not-sent", RunningGateway.json(response).getString("outcome"));
      assertEquals(0, gateway.journal().total());
    }
  }

  @Test
  void whoeverFindsNoPlaceAndNoQueueIsRefusedAtOnce() throws Exception {
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), onePlace(1))) {
      // Given
      Witness witness = new Witness(gateway);
      CompletableFuture<HttpResponse<String>> first = async(gateway, "first");
      FakePartner.Held held = await(partner.arrival("first"));
      CompletableFuture<HttpResponse<String>> second = async(gateway, "second");
      await(witness.taken("second"));

      // When
      long begun = System.nanoTime();
      HttpResponse<String> third = gateway.initFor("Test Kumar");

      // Then
      assertEquals(503, third.statusCode());
      assertEquals("/problems/overloaded", RunningGateway.json(third).getString("type"));
      assertEquals("not-sent", RunningGateway.json(third).getString("outcome"));
      String retryAfter = third.headers().firstValue("Retry-After").orElseThrow();
      assertTrue(retryAfter.matches("[123]"), retryAfter);
      assertBetween(0, 4_000, since(begun));
      held.grant();
      await(partner.arrival("second")).grant();
      assertEquals(200, first.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(200, second.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(2, partner.received().size());
    }
  }

  @Test
  void aRequestWhosePatienceEndsInTheQueueIsNotSent() throws Exception {
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), onePlace(1))) {
      // Given
      CompletableFuture<HttpResponse<String>> first = async(gateway, "first");
      FakePartner.Held held = await(partner.arrival("first"));

      // When
      HttpResponse<String> second =
          gateway.send(
              gateway
                  .init(RunningGateway.SEED)
                  .header("Prefer", "wait=1")
                  .header("X-Correlation-Id", "second"));

      // Then
      assertEquals(504, second.statusCode());
      assertEquals("not-sent", RunningGateway.json(second).getString("outcome"));
      held.grant();
      assertEquals(200, first.get(10, TimeUnit.SECONDS).statusCode());
      CompletableFuture<HttpResponse<String>> third = async(gateway, "third");
      await(partner.arrival("third")).grant();
      assertEquals(200, third.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(2, partner.received().size());
    }
  }

  @Test
  void aCallerWhoLeavesWhileWaitingIsTakenOutOfTheQueue() throws Exception {
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), onePlace(1))) {
      // Given
      Witness witness = new Witness(gateway);
      CompletableFuture<HttpResponse<String>> first = async(gateway, "first");
      FakePartner.Held held = await(partner.arrival("first"));
      Socket waiting = Callers.init(gateway, "waiting");
      await(witness.taken("waiting"));
      waiting.close();

      // When: it has left
      await(witness.once(() -> !witness.denials().isEmpty()));

      // Then: its place in the queue is another's, and the partner never hears of it
      CompletableFuture<HttpResponse<String>> next = async(gateway, "next");
      await(witness.taken("next"));
      held.grant();
      await(partner.arrival("next")).grant();
      assertEquals(200, first.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(200, next.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(
          List.of("first", "next"),
          partner.received().stream().map(FakePartner.Held::correlationId).toList());
      assertEquals(0, gateway.gateway().calls().abandoned());
    }
  }

  @Test
  void aRequestOnTheWireIsLetFinishAndItsConnectionUsedAgain() throws Exception {
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), onePlace(1))) {
      // Given
      Witness witness = new Witness(gateway);
      Socket leaving = Callers.init(gateway, "leaving");
      FakePartner.Held held = await(partner.arrival("leaving"));
      leaving.close();
      await(witness.once(() -> gateway.gateway().calls().abandoned() == 1));

      // When
      held.grant();

      // Then
      CompletableFuture<HttpResponse<String>> next = async(gateway, "next");
      FakePartner.Held following = await(partner.arrival("next"));
      assertEquals(held.connection(), following.connection());
      following.grant();
      assertEquals(200, next.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(1, gateway.gateway().calls().abandoned());
    }
  }

  @Test
  void nothingIsRepeatedForACallerWhoLeft() throws Exception {
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), onePlace(1))) {
      // Given
      Witness witness = new Witness(gateway);
      Socket leaving = Callers.init(gateway, "leaving");
      FakePartner.Held held = await(partner.arrival("leaving"));
      leaving.close();
      await(witness.once(() -> gateway.gateway().calls().abandoned() == 1));

      // When
      held.answer(500, "{}");

      // Then
      await(witness.once(() -> !witness.denials().isEmpty()));
      assertEquals(1, partner.received().size());
      assertEquals(0, gateway.gateway().calls().retries());
    }
  }

  @Test
  void aCallerWhoStaysIsTriedAgainForOnAnotherConnection() throws Exception {
    try (FakePartner partner = new FakePartner();
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), onePlace(1))) {
      // Given
      CompletableFuture<HttpResponse<String>> response = async(gateway, "staying");
      FakePartner.Held lost = await(partner.arrival("staying"));
      Witness witness = new Witness(gateway);

      // When
      lost.reset();

      // Then
      await(witness.once(() -> partner.received().size() == 2));
      partner.received().get(1).grant();
      assertEquals(200, response.get(10, TimeUnit.SECONDS).statusCode());
      assertEquals(1, gateway.gateway().calls().possibleDuplicates());
      assertEquals(2, gateway.gateway().calls().partnerCalls());
      assertEquals(lost.body(), partner.received().get(1).body());
    }
  }

  private static CompletableFuture<HttpResponse<String>> async(
      RunningGateway gateway, String correlationId) {
    return gateway.sendAsync(
        gateway.init(RunningGateway.SEED).header("X-Correlation-Id", correlationId));
  }
}
