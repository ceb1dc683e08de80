package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Another service, which knows nothing of ours but addresses and JSON, asks for links. */
class ClusterServiceIT {
  private static final String INIT = "infopass.digilocker.init";

  private static LocalCluster cluster;
  private static LocalCluster.Member door;
  private static OtherService service;

  @BeforeAll
  static void start() {
    cluster = new LocalCluster(3, "", SandboxOptions.defaults());
    cluster.start(0, "infopass");
    door = cluster.start(1, "http");
    service = OtherService.join(cluster.portOf(2), cluster.hosts());
    cluster.until("they see each other", () -> door.metric("cluster_nodes") == 3);
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
    cluster.close();
  }

  private static Future<Message<JsonObject>> ask(String name, DeliveryOptions options) {
    JsonObject body = new JsonObject(RunningGateway.body(name));
    return service.vertx().eventBus().request(INIT, body, options);
  }

  private static ReplyException refused(String name, DeliveryOptions options) {
    return assertInstanceOf(
        ReplyException.class,
        RunningGateway.await(
            ask(name, options)
                .<Throwable>map(answered -> new AssertionError("answered"))
                .recover(Future::succeededFuture)));
  }

  private static boolean asked(String correlationId) {
    return cluster.sandbox().journal().entries().stream()
        .anyMatch(entry -> entry.correlationId().equals(correlationId));
  }

  @Test
  void plainJsonIsAnsweredThroughADoorAndAClientNodeWithItsCorrelationId() {
    // When
    DeliveryOptions options =
        new DeliveryOptions()
            .setSendTimeout(15_000)
            .addHeader("correlationId", "of-a-service")
            .addHeader("caller", "onboarding");
    JsonObject link = RunningGateway.await(ask("Test Kumar", options)).body();

    // Then
    assertEquals("of-a-service", link.getString("correlationId"));
    assertEquals("SUCCESS", link.getString("status"));
    assertTrue(link.getJsonObject("data").getString("url").startsWith("https://"));
    assertTrue(link.getJsonObject("countdown").getInteger("remainingSeconds") > 590);
    assertTrue(asked("of-a-service"));
    assertEquals(
        1,
        cluster.sandbox().journal().entries().stream()
            .filter(entry -> entry.correlationId().equals("of-a-service"))
            .count());
  }

  @Test
  void itsPatienceInTheHeaderIsTheDeadlineOnAllNodes() {
    // When
    ReplyException late =
        refused(
            "Slow 8000",
            new DeliveryOptions()
                .setSendTimeout(7_000)
                .addHeader("correlationId", "late")
                .addHeader("timeoutMillis", "400"));

    // Then: the gateway says so, and what the partner may have done
    assertEquals(ReplyFailure.RECIPIENT_FAILURE, late.failureType());
    assertEquals(504, late.failureCode());
    JsonObject problem = Problems.check(late.getMessage(), 504, "deadline-exceeded");
    assertEquals("unknown", problem.getString("outcome"));
    assertEquals("late", problem.getString("correlationId"));
  }

  @Test
  void aSendTimeoutAloneEndsTheWaitingOfItsSender() {
    // When
    ReplyException late = refused("Slow 8000", new DeliveryOptions().setSendTimeout(300));

    // Then
    assertEquals(ReplyFailure.TIMEOUT, late.failureType());
    assertEquals(
        "SUCCESS",
        RunningGateway.await(ask("Test Kumar", new DeliveryOptions())).body().getString("status"));
  }

  @Test
  void whoBeginsToListenAfterAQuietTimeHearsOfSessions() {
    // Given: nobody listens, and the door knows that
    RunningGateway.await(ask("Test Kumar", new DeliveryOptions()));
    RunningGateway.await(ask("Test Kumar", new DeliveryOptions()));
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    MessageConsumer<JsonObject> consumer =
        service
            .vertx()
            .eventBus()
            .consumer(
                "infopass.digilocker.session.initiated",
                event -> heard.add(event.body().getString("correlationId")));

    // When
    RunningGateway.await(consumer.completion());
    AtomicInteger asked = new AtomicInteger();

    // Then
    cluster.until(
        "it hears",
        () -> {
          String id = "quiet-" + asked.incrementAndGet();
          RunningGateway.await(
              ask("Test Kumar", new DeliveryOptions().addHeader("correlationId", id)));
          return !heard.isEmpty();
        });
    assertTrue(heard.peek().startsWith("quiet-"), heard.toString());
    RunningGateway.await(consumer.unregister());
  }

  @Test
  void whatIsWrongIsSaidAsOverHttp() {
    // When
    ReplyException invalid = refused("", new DeliveryOptions().addHeader("correlationId", "wrong"));
    ReplyException unanswered = refused("Reject 0x0422", new DeliveryOptions());

    // Then
    JsonObject problem = Problems.check(invalid.getMessage(), 400, "invalid-request");
    assertEquals("wrong", problem.getString("correlationId"));
    assertEquals("#/name", problem.getJsonArray("errors").getJsonObject(0).getString("pointer"));
    assertEquals(422, unanswered.failureCode());
    assertEquals(
        "0x0422",
        new JsonObject(unanswered.getMessage()).getJsonObject("upstream").getString("code"));
  }
}
