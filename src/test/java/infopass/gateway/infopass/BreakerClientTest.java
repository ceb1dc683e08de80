package infopass.gateway.infopass;

import static infopass.gateway.infopass.Fixtures.await;
import static infopass.gateway.infopass.Fixtures.busy;
import static infopass.gateway.infopass.Fixtures.call;
import static infopass.gateway.infopass.Fixtures.failureOf;
import static infopass.gateway.infopass.Fixtures.lost;
import static infopass.gateway.infopass.Fixtures.rejected;
import static infopass.gateway.infopass.Fixtures.unreachable;
import static org.junit.jupiter.api.Assertions.assertEquals;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@Timeout(30)
class BreakerClientTest {
  private static final int MINIMUM_CALLS = 4;
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration SLOW = Duration.ofSeconds(8);

  private final List<String> changes = new ArrayList<>();
  private final List<Promise<Void>> changed = new ArrayList<>();
  private Vertx vertx;
  private Context root;

  @BeforeEach
  void take(Vertx vertx) {
    this.vertx = vertx;
    this.root = vertx.getOrCreateContext();
    for (int i = 0; i < 8; i++) {
      changed.add(Promise.promise());
    }
  }

  private PartnerCircuit circuit(Duration openFor) throws Exception {
    Promise<PartnerCircuit> made = Promise.promise();
    root.runOnContext(
        v ->
            made.complete(
                new PartnerCircuit(
                    vertx,
                    new InfopassConfig.Breaker(
                        Duration.ofSeconds(10), MINIMUM_CALLS, 0.5, 0.8, SLOW, openFor),
                    System::nanoTime,
                    (name, state) -> changed(state))));
    return await(made.future());
  }

  private synchronized void changed(String state) {
    changes.add(state);
    changed.get(changes.size() - 1).complete();
  }

  /** The changes so far, once there have been that many. */
  private List<String> changes(int count) throws Exception {
    await(changed.get(count - 1).future());
    synchronized (this) {
      return List.copyOf(changes);
    }
  }

  private void settle() throws Exception {
    Promise<Void> done = Promise.promise();
    root.runOnContext(v -> done.complete());
    await(done.future());
  }

  private BreakerClient client(PartnerCircuit circuit, InfopassClient inner) {
    return new BreakerClient(inner, circuit, SLOW, vertx);
  }

  private static InfopassClient always(PartnerFailure failure) {
    return call -> Future.failedFuture(failure);
  }

  private void open(PartnerCircuit circuit) throws Exception {
    for (int i = 0; i < MINIMUM_CALLS; i++) {
      failureOf(client(circuit, always(lost())).init(call()));
    }
    changes(1);
  }

  @Test
  void opensAfterWhatSpeaksAgainstThePartnerOnly() throws Exception {
    PartnerFailure overloaded =
        PartnerFailure.refused(InitFailure.notSent(Problem.OVERLOADED, "full"));
    for (PartnerFailure notCounted : List.of(busy(null), overloaded, rejected())) {
      // Given
      PartnerCircuit circuit = circuit(LONG);

      // When
      for (int i = 0; i < 3 * MINIMUM_CALLS; i++) {
        failureOf(client(circuit, always(notCounted)).init(call()));
      }
      settle();

      // Then
      assertEquals(CircuitBreakerState.CLOSED, circuit.state());
    }
    PartnerCircuit circuit = circuit(LONG);
    for (int i = 0; i < MINIMUM_CALLS; i++) {
      failureOf(client(circuit, always(unreachable())).init(call()));
    }
    assertEquals(List.of("OPEN"), changes(1));
    assertEquals(CircuitBreakerState.OPEN, circuit.state());
  }

  @Test
  void opensAfterSlowCallsEvenIfTheyEndWell() throws Exception {
    // Given
    PartnerCircuit circuit = circuit(LONG);
    InfopassClient slow =
        call -> {
          call.partnerTook(SLOW.toNanos());
          return Future.succeededFuture(Fixtures.session());
        };

    // When
    for (int i = 0; i < MINIMUM_CALLS; i++) {
      await(client(circuit, slow).init(call()));
    }

    // Then
    assertEquals(List.of("OPEN"), changes(1));
  }

  @Test
  void doesNotBlameThePartnerForEarlierAttemptsOrOurQueue() throws Exception {
    // Given: calls that were slow before this attempt, but whose attempt is not
    PartnerCircuit circuit = circuit(LONG);
    InfopassClient quick = call -> Future.succeededFuture(Fixtures.session());

    // When
    for (int i = 0; i < MINIMUM_CALLS; i++) {
      PartnerCall call = call();
      call.partnerTook(SLOW.toNanos());
      await(client(circuit, quick).init(call));
    }
    settle();

    // Then
    assertEquals(CircuitBreakerState.CLOSED, circuit.state());
  }

  @Test
  void refusesWithoutAskingWhileItIsOpen() throws Exception {
    // Given
    PartnerCircuit circuit = circuit(LONG);
    open(circuit);

    // When
    PartnerFailure refusal = failureOf(client(circuit, always(rejected())).init(call()));

    // Then
    assertEquals(Problem.CIRCUIT_OPEN, refusal.failure().problem());
    assertEquals(PartnerFailure.Replay.NEVER, refusal.replay());
    assertEquals(LONG.toSeconds(), refusal.failure().retryAfterSeconds(), 5);
  }

  @Test
  void anyAnswerOfThePartnersToTheProbeCloses() throws Exception {
    for (InfopassClient answering :
        List.<InfopassClient>of(
            call -> Future.succeededFuture(Fixtures.session()),
            always(rejected()),
            always(busy(null)))) {
      // Given
      changes.clear();
      changed.clear();
      take(vertx);
      PartnerCircuit circuit = circuit(SHORT);
      open(circuit);
      changes(2);

      // When
      client(circuit, answering).init(call());

      // Then
      assertEquals(List.of("OPEN", "HALF_OPEN", "CLOSED"), changes(3));
    }
  }

  @Test
  void aProbeThatFailsOrCannotBeAskedOpensAgain() throws Exception {
    for (PartnerFailure failure : List.of(lost(), unreachable())) {
      // Given
      changes.clear();
      changed.clear();
      take(vertx);
      PartnerCircuit circuit = circuit(SHORT);
      open(circuit);
      changes(2);

      // When
      PartnerFailure told = failureOf(client(circuit, always(failure)).init(call()));

      // Then
      assertEquals(failure, told);
      assertEquals("OPEN", changes(3).get(2));
      changes(4);
    }
  }

  @Test
  void aProbeThatSaysNothingOfThePartnerLeavesItHalfOpen() throws Exception {
    // Given: a call that was rejected before, and is stopped before it is sent again
    PartnerCircuit circuit = circuit(SHORT);
    open(circuit);
    changes(2);
    InfopassClient stopped =
        call -> {
          call.attemptBegins();
          call.attemptEnds(Outcome.REJECTED);
          call.deadlinePassed();
          return Future.failedFuture(call.stopped());
        };
    PartnerFailure overloaded =
        PartnerFailure.refused(InitFailure.notSent(Problem.OVERLOADED, "full"));

    // When
    for (InfopassClient silent : List.of(stopped, always(overloaded))) {
      failureOf(client(circuit, silent).init(call()));
      settle();

      // Then
      assertEquals(CircuitBreakerState.HALF_OPEN, circuit.state());
    }

    // When: the next one probes
    await(client(circuit, call -> Future.succeededFuture(Fixtures.session())).init(call()));

    // Then
    assertEquals(List.of("OPEN", "HALF_OPEN", "CLOSED"), changes(3));
  }

  @Test
  void aCallThatIsCutShortCountsOnlyWhereItWasSlowByThen() throws Exception {
    for (boolean slow : new boolean[] {false, true}) {
      // Given
      PartnerCircuit circuit = circuit(LONG);
      InfopassClient cut =
          call -> {
            call.attemptBegins();
            call.requestWritten();
            call.partnerTook(SLOW.toNanos() - (slow ? 0 : 1));
            call.deadlinePassed();
            return Future.failedFuture(call.stopped());
          };

      // When
      for (int i = 0; i < MINIMUM_CALLS; i++) {
        failureOf(client(circuit, cut).init(call()));
      }
      settle();
      settle();

      // Then
      assertEquals(slow ? CircuitBreakerState.OPEN : CircuitBreakerState.CLOSED, circuit.state());
    }
  }

  @Test
  void whoComesWhileAProbeIsUnderWayIsRefused() throws Exception {
    // Given
    PartnerCircuit circuit = circuit(SHORT);
    open(circuit);
    changes(2);
    Promise<InitSession> answer = Promise.promise();
    Promise<Void> asked = Promise.promise();
    Future<InitSession> probe =
        client(
                circuit,
                call -> {
                  asked.complete();
                  return answer.future();
                })
            .init(call());
    await(asked.future());

    // When
    PartnerFailure refusal = failureOf(client(circuit, always(rejected())).init(call()));

    // Then
    assertEquals(Problem.CIRCUIT_OPEN, refusal.failure().problem());
    assertEquals(1, refusal.failure().retryAfterSeconds());
    answer.complete(Fixtures.session());
    await(probe);
    assertEquals("CLOSED", changes(3).get(2));
  }

  @Test
  void callsBegunBeforeItOpenedNeitherCloseNorReopenIt() throws Exception {
    // Given: calls of the first closed time, still under way
    PartnerCircuit circuit = circuit(SHORT);
    List<Promise<InitSession>> stragglers = new ArrayList<>();
    List<Future<InitSession>> answers = new ArrayList<>();
    for (int i = 0; i < 2 * MINIMUM_CALLS; i++) {
      Promise<InitSession> straggler = Promise.promise();
      stragglers.add(straggler);
      answers.add(client(circuit, call -> straggler.future()).init(call()));
    }
    open(circuit);
    changes(2);

    // When: some end well while it is half open
    for (int i = 0; i < MINIMUM_CALLS; i++) {
      stragglers.get(i).complete(Fixtures.session());
      await(answers.get(i));
    }
    settle();

    // Then
    assertEquals(CircuitBreakerState.HALF_OPEN, circuit.state());

    // When: the others fail after it has closed
    await(client(circuit, call -> Future.succeededFuture(Fixtures.session())).init(call()));
    changes(3);
    for (int i = MINIMUM_CALLS; i < 2 * MINIMUM_CALLS; i++) {
      stragglers.get(i).fail(lost());
      failureOf(answers.get(i));
    }
    settle();

    // Then
    assertEquals(List.of("OPEN", "HALF_OPEN", "CLOSED"), changes(3));
  }

  @Test
  void halfOpensAlsoWhenTheVerticleThatOpenedItIsGone() throws Exception {
    // Given
    PartnerCircuit circuit = circuit(Duration.ofMillis(100));
    String throwAway =
        await(
            vertx.deployVerticle(
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    BreakerClient client = client(circuit, always(lost()));
                    List<Future<InitSession>> answers = new ArrayList<>();
                    for (int i = 0; i < MINIMUM_CALLS; i++) {
                      answers.add(client.init(call()));
                    }
                    return Future.join(answers).otherwiseEmpty();
                  }
                }));
    changes(1);

    // When
    await(vertx.undeploy(throwAway));

    // Then
    assertEquals(List.of("OPEN", "HALF_OPEN"), changes(2));
  }

  @Test
  void closesAlsoWhenTheVerticleOfTheProbeGoesMeanwhile() throws Exception {
    // Given
    PartnerCircuit circuit = circuit(SHORT);
    open(circuit);
    changes(2);
    Promise<InitSession> answer = Promise.promise();
    Promise<Void> asked = Promise.promise();
    String throwAway =
        await(
            vertx.deployVerticle(
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    client(
                            circuit,
                            call -> {
                              asked.complete();
                              return answer.future();
                            })
                        .init(call());
                    return Future.succeededFuture();
                  }
                }));
    await(asked.future());

    // When
    await(vertx.undeploy(throwAway));
    answer.complete(Fixtures.session());

    // Then
    assertEquals("CLOSED", changes(3).get(2));
  }
}
