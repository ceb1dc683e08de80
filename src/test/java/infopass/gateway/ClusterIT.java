package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.cluster.ClusterNode;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes as processes of their own, over TLS, and this process as another service: one cluster
 * for all tests, which are in an order, since the last of them kills a node.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {
  @TempDir private static Path folder;

  private static TestCluster cluster;
  private static TestCluster.Member client;
  private static TestCluster.Member door;
  private static TestCluster.Member both;
  private static ClusterNode service;
  private static final Queue<JsonObject> EVENTS = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void start() {
    cluster =
        new TestCluster(
            folder,
            5,
            "countdown: {signingKeys: [%s]}\n".formatted("k".repeat(32)),
            SandboxOptions.defaults());
    client = cluster.start(0, "infopass").awaitReady();
    door = cluster.start(1, "http");
    both = cluster.start(2, "http, infopass");
    List.of(door, both).forEach(TestCluster.Member::awaitReady);
    service = cluster.join(3);
    for (String kind : List.of("initiated", "expiring", "expired")) {
      RunningGateway.await(
          service
              .vertx()
              .eventBus()
              .<JsonObject>consumer(
                  "infopass.digilocker.session." + kind,
                  event -> EVENTS.add(event.body().copy().put("kind", kind)))
              .completion());
    }
    cluster.untilAllSee(4, client, door, both);
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      RunningGateway.await(service.vertx().close());
      service.leave().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }
    cluster.close();
  }

  private static List<JsonObject> events(String kind, String correlationId) {
    return EVENTS.stream()
        .filter(event -> event.getString("kind").equals(kind))
        .filter(event -> event.getString("correlationId").equals(correlationId))
        .toList();
  }

  @Test
  @Order(1)
  void aNodeWithoutClientInstancesAnswersThroughOneThatHasThem() {
    // When
    HttpResponse<String> answer =
        cluster.send(door.init("Test Kumar").header("X-Correlation-Id", "through-another-node"));

    // Then
    assertEquals(200, answer.statusCode(), answer.body());
    JsonObject body = new JsonObject(answer.body());
    assertEquals("through-another-node", body.getString("correlationId"));
    assertTrue(body.getJsonObject("countdown").getInteger("remainingSeconds") <= 600);
    assertTrue(cluster.askedOfThePartner().contains("through-another-node"));
    assertEquals(1, door.metric("cluster_handed_over_total"));
  }

  @Test
  @Order(2)
  void failuresComeBackWithAllThatIsKnownOfThem() {
    // When
    HttpResponse<String> answer = cluster.send(door.init("Reject 0x0422"));

    // Then
    assertEquals(422, answer.statusCode(), answer.body());
    JsonObject problem = new JsonObject(answer.body());
    assertEquals("rejected", problem.getString("outcome"));
    assertEquals("0x0422", problem.getJsonObject("upstream").getString("code"));
  }

  @Test
  @Order(3)
  void aServiceOnAnotherNodeHearsOfEachSessionOnce() {
    // When
    HttpResponse<String> answer =
        cluster.send(both.init("Expiry 1").header("X-Correlation-Id", "short-lived"));

    // Then
    assertEquals(200, answer.statusCode(), answer.body());
    List<String> kinds = List.of("initiated", "expiring", "expired");
    cluster.until(
        "all events",
        () -> kinds.stream().noneMatch(kind -> events(kind, "short-lived").isEmpty()));
    for (String kind : kinds) {
      assertEquals(1, events(kind, "short-lived").size(), kind);
      assertFalse(events(kind, "short-lived").get(0).containsKey("takenOver"));
    }
  }

  @Test
  @Order(4)
  void aServiceOnAnotherNodeAsksOnTheEventBus() {
    // Given
    Vertx bus = service.vertx();
    DeliveryOptions options = new DeliveryOptions().addHeader("correlationId", "from-a-service");

    // When
    JsonObject link =
        RunningGateway.await(
                bus.eventBus()
                    .<JsonObject>request(
                        "infopass.digilocker.init", new JsonObject(RunningGateway.SEED), options))
            .body();
    Throwable refused =
        RunningGateway.await(
            bus.eventBus()
                .request("infopass.digilocker.init", new JsonObject())
                .<Throwable>map(reply -> null)
                .recover(io.vertx.core.Future::succeededFuture));

    // Then
    assertEquals("from-a-service", link.getString("correlationId"));
    assertEquals(400, ((ReplyException) refused).failureCode());
  }

  @Test
  @Order(5)
  void duplicatesSpreadOverNodesMakeOneCall() {
    // Given
    int before = cluster.sandbox().journal().entries().size();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();

    // When
    for (int i = 0; i < 40; i++) {
      TestCluster.Member node = i % 2 == 0 ? door : both;
      answers.add(
          cluster.sendAsync(
              node.init("Slow 300")
                  .header("Idempotency-Key", "one-of-many")
                  .header("Prefer", "wait=15")));
    }
    List<HttpResponse<String>> all =
        answers.stream().map(answer -> answer.orTimeout(60, TimeUnit.SECONDS).join()).toList();

    // Then
    Set<String> clients =
        all.stream()
            .map(answer -> new JsonObject(answer.body()).getJsonObject("data", new JsonObject()))
            .map(data -> String.valueOf(data.getString("clientId")))
            .collect(Collectors.toSet());
    assertEquals(1, clients.size(), clients.toString());
    assertTrue(all.stream().allMatch(answer -> answer.statusCode() == 200));
    assertEquals(before + 1, cluster.sandbox().journal().entries().size());
  }

  @Test
  @Order(6)
  void aKeyThatRunsElsewhereConflictsAndOneOfAnotherBodyDoesNotFit() {
    // Given
    String key = "runs-elsewhere";
    CompletableFuture<HttpResponse<String>> first =
        cluster.sendAsync(both.init("Slow 2500").header("Idempotency-Key", key));
    int before = cluster.sandbox().journal().entries().size();
    cluster.until(
        "the first is on its way", () -> cluster.sandbox().journal().entries().size() > before);

    // When
    HttpResponse<String> second =
        cluster.send(door.init("Slow 2500").header("Idempotency-Key", key));
    HttpResponse<String> other = cluster.send(door.init("Other").header("Idempotency-Key", key));
    HttpResponse<String> answered = first.orTimeout(60, TimeUnit.SECONDS).join();
    HttpResponse<String> again =
        cluster.send(door.init("Slow 2500").header("Idempotency-Key", key));

    // Then
    assertEquals(409, second.statusCode(), second.body());
    assertEquals(422, other.statusCode(), other.body());
    assertEquals(200, answered.statusCode(), answered.body());
    assertEquals("true", again.headers().firstValue("Idempotent-Replayed").orElse("no"));
    assertEquals(data(answered), data(again));
  }

  @Test
  @Order(6)
  void whoHasAnAnswerCanRepeatTheRequestAtAnyNode() {
    for (int i = 0; i < 50; i++) {
      // Given
      String key = "answered-" + i;
      HttpResponse<String> first =
          cluster.send(both.init("Test Kumar").header("Idempotency-Key", key));

      // When
      HttpResponse<String> again =
          cluster.send(door.init("Test Kumar").header("Idempotency-Key", key));

      // Then
      assertEquals(200, first.statusCode(), first.body());
      assertEquals("true", again.headers().firstValue("Idempotent-Replayed").orElse(again.body()));
    }
  }

  private static JsonObject data(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getJsonObject("data");
  }

  @Test
  @Order(7)
  void aProcessWithoutACertificateOfTheClusterIsNotTalkedTo() throws Exception {
    // Given
    TrustManager anybody = anybody();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {anybody}, null);

    // When
    try (Socket stranger =
        context.getSocketFactory().createSocket("127.0.0.1", cluster.portOf(0))) {
      stranger.setSoTimeout(30_000);

      // Then
      assertThrows(
          IOException.class,
          () -> {
            stranger.getOutputStream().write(new byte[64]);
            if (stranger.getInputStream().read() < 0) {
              throw new EOFException();
            }
          });
    }
  }

  private static X509TrustManager anybody() {
    return new X509TrustManager() {
      @Override
      public void checkClientTrusted(X509Certificate[] chain, String kind) {
        // Whoever it is: the stranger wants to talk.
      }

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String kind) {
        // The same.
      }

      @Override
      public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
      }
    };
  }

  @Test
  @Order(8)
  void whatAKilledNodeWasToDoAnotherDoes() {
    // Given
    HttpResponse<String> watched =
        cluster.send(both.init("Expiry 12").header("X-Correlation-Id", "of-the-killed"));
    assertEquals(200, watched.statusCode(), watched.body());
    CompletableFuture<HttpResponse<String>> inFlight =
        cluster.sendAsync(door.init("Slow 4000").header("X-Correlation-Id", "in-flight"));
    cluster.until("in flight", () -> cluster.askedOfThePartner().contains("in-flight"));
    String initiated = "gateway_session_events_total{kind=\"initiated\"}";
    cluster.until(
        "another node knows",
        () -> both.metric("cluster_sessions_told_total") == both.metric(initiated));

    // When
    both.process().kill();

    // Then
    assertEquals(200, inFlight.orTimeout(60, TimeUnit.SECONDS).join().statusCode());
    cluster.until("expired", () -> !events("expired", "of-the-killed").isEmpty());
    assertEquals(true, events("expired", "of-the-killed").get(0).getBoolean("takenOver"));
    cluster.untilAllSee(3, client, door);
    assertEquals(200, cluster.send(door.init("Test Kumar")).statusCode());
  }

  @Test
  @Order(9)
  void aNodeThatIsStoppedLeavesInOrder() {
    // When
    client.process().terminate();

    // Then
    assertEquals(0, client.process().awaitExit());
    cluster.untilAllSee(2, door);
    HttpResponse<String> answer = cluster.send(door.init("Test Kumar"));
    assertEquals(503, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("No client node can be reached"), answer.body());
  }
}
