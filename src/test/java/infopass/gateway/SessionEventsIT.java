package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.bus.GatewayClient;
import infopass.gateway.bus.InitOptions;
import infopass.gateway.bus.InitReply;
import infopass.gateway.bus.InitRequest;
import infopass.gateway.bus.SessionEvent;
import infopass.gateway.bus.SessionEvent.Kind;
import infopass.gateway.digilocker.InitFailedException;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.example.OnboardingVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What other verticles of the process see: typed inits and session events. */
class SessionEventsIT {
  private static final InitRequest EXPIRES_SOON =
      new InitRequest(
          "Expiry 3", "asha@example.in", "9650000986", "https://infopass.in", "Uttar Pradesh");

  private RunningGateway gateway;

  @BeforeEach
  void open() {
    gateway = RunningGateway.start("countdown: {expiringAt: 1s}\n");
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  /** Notes every event it hears, and says when the session has ended. */
  private static final class Listener extends VerticleBase {
    private final Queue<SessionEvent> heard = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended;

    Listener(int sessions) {
      ended = new CountDownLatch(sessions);
    }

    @Override
    public Future<?> start() {
      GatewayClient client = new GatewayClient(vertx);
      for (Kind kind : Kind.values()) {
        client.onSession(
            kind,
            event -> {
              heard.add(event);
              if (event.kind() == Kind.EXPIRED) {
                ended.countDown();
              }
            });
      }
      return Future.succeededFuture();
    }

    List<Kind> kindsOf(String clientId) {
      return heard.stream()
          .filter(event -> event.clientId().equals(clientId))
          .map(SessionEvent::kind)
          .toList();
    }
  }

  @Test
  void everyLinkIsToldOfOnceAtEachTurnWhicheverDoorItCameThrough() throws Exception {
    // Given
    Listener listener = new Listener(3);
    RunningGateway.await(gateway.vertx().deployVerticle(listener));
    GatewayClient client = new GatewayClient(gateway.vertx());

    // When
    InitReply typed =
        RunningGateway.await(
            client.init(EXPIRES_SOON, InitOptions.defaults().withCorrelationId("typed-1")));
    String overHttp =
        RunningGateway.json(gateway.initFor("Expiry 3"))
            .getJsonObject("data")
            .getString("clientId");
    JsonObject json =
        (JsonObject)
            RunningGateway.await(
                    gateway
                        .vertx()
                        .eventBus()
                        .request("infopass.digilocker.init", EXPIRES_SOON.toJson()))
                .body();
    String overJson = json.getJsonObject("data").getString("clientId");

    // Then
    assertTrue(listener.ended.await(10, TimeUnit.SECONDS));
    List<Kind> all = List.of(Kind.INITIATED, Kind.EXPIRING, Kind.EXPIRED);
    assertEquals(all, listener.kindsOf(typed.clientId()));
    assertEquals(all, listener.kindsOf(overHttp));
    assertEquals(all, listener.kindsOf(overJson));
    assertEquals("typed-1", typed.correlationId());
    assertTrue(typed.url().contains(typed.token()));
    assertEquals(200, gateway.get(typed.countdownUrl()).statusCode());
    listener.heard.forEach(
        event -> assertFalse(event.toString().contains(typed.token()), "an event holds a token"));
  }

  @Test
  void aConsumerThatThrowsOrStallsHarmsNobody() throws Exception {
    // Given
    CountDownLatch never = new CountDownLatch(1);
    Listener listener = new Listener(1);
    RunningGateway.await(
        gateway
            .vertx()
            .deployVerticle(
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    new GatewayClient(vertx)
                        .onSession(
                            Kind.INITIATED,
                            event -> {
                              throw new IllegalStateException("a consumer's bug");
                            });
                    return Future.succeededFuture();
                  }
                }));
    RunningGateway.await(
        gateway
            .vertx()
            .deployVerticle(
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    new GatewayClient(vertx)
                        .onSession(
                            Kind.INITIATED,
                            event -> {
                              try {
                                never.await();
                              } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                              }
                            });
                    return Future.succeededFuture();
                  }
                },
                new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
    RunningGateway.await(gateway.vertx().deployVerticle(listener));

    // When
    String clientId =
        RunningGateway.json(gateway.initFor("Expiry 2"))
            .getJsonObject("data")
            .getString("clientId");

    // Then
    assertTrue(listener.ended.await(10, TimeUnit.SECONDS));
    assertEquals(List.of(Kind.INITIATED, Kind.EXPIRING, Kind.EXPIRED), listener.kindsOf(clientId));
    assertEquals(200, gateway.initFor("Test Kumar").statusCode());
    never.countDown();
  }

  @Test
  void aTypedFailureSaysWhyAndWhatThePartnerMayHaveDone() {
    // Given
    GatewayClient client = new GatewayClient(gateway.vertx());
    RunningGateway.await(client.init(EXPIRES_SOON));
    InitRequest hangs =
        new InitRequest("Hang", "asha@example.in", "9650000986", "https://infopass.in", "UP");
    InitRequest wrong = new InitRequest("", "asha", "1", "nowhere", "UP");

    // When
    InitFailedException late =
        failureOf(client.init(hangs, InitOptions.defaults().withTimeout(Duration.ofMillis(900))));
    InitFailedException invalid = failureOf(client.init(wrong));

    // Then
    assertEquals(Problem.DEADLINE_EXCEEDED, late.failure().problem());
    assertEquals(Outcome.UNKNOWN, late.failure().outcome());
    assertEquals(Problem.INVALID_REQUEST, invalid.failure().problem());
    assertEquals(4, invalid.failure().errors().size());
  }

  @Test
  void theExampleOfTheReadmeRuns() {
    // Given
    Promise<String> restart = Promise.promise();
    gateway
        .vertx()
        .eventBus()
        .<String>consumer("onboarding.restart", message -> restart.tryComplete(message.body()));
    OnboardingVerticle example = new OnboardingVerticle();
    RunningGateway.await(gateway.vertx().deployVerticle(example));

    // When
    InitReply reply = RunningGateway.await(example.invite(EXPIRES_SOON, "readme-1"));

    // Then
    assertEquals("readme-1", reply.correlationId());
    assertEquals("readme-1", RunningGateway.await(restart.future()));
  }

  private static InitFailedException failureOf(Future<InitReply> reply) {
    return (InitFailedException)
        RunningGateway.await(reply.transform(done -> Future.succeededFuture(done.cause())));
  }
}
