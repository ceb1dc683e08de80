package infopass.gateway.infopass;

import static infopass.gateway.infopass.Fixtures.await;
import static io.vertx.circuitbreaker.CircuitBreakerState.CLOSED;
import static io.vertx.circuitbreaker.CircuitBreakerState.HALF_OPEN;
import static io.vertx.circuitbreaker.CircuitBreakerState.OPEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(VertxExtension.class)
@Timeout(30)
class PartnerCircuitTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final int MINIMUM_CALLS = 4;

  private final AtomicLong nanos = new AtomicLong();
  private final List<String> changes = new CopyOnWriteArrayList<>();
  private final Promise<Void> halfOpened = Promise.promise();
  private Vertx vertx;
  private Context root;

  @BeforeEach
  void take(Vertx vertx) {
    this.vertx = vertx;
    this.root = vertx.getOrCreateContext();
  }

  private PartnerCircuit circuit(Duration openFor) throws Exception {
    Promise<PartnerCircuit> made = Promise.promise();
    root.runOnContext(
        v ->
            made.complete(
                new PartnerCircuit(
                    vertx,
                    new InfopassConfig.Breaker(
                        Duration.ofSeconds(10), MINIMUM_CALLS, 0.5, 0.8, LONG, openFor),
                    nanos::get,
                    this::changed)));
    return await(made.future());
  }

  private void changed(String name, String state) {
    assertEquals(PartnerCircuit.NAME, name);
    changes.add(state);
    if (state.equals("HALF_OPEN")) {
      halfOpened.tryComplete();
    }
  }

  /** A circuit in this state, which it does not leave by itself but from OPEN for SHORT. */
  private PartnerCircuit reach(CircuitBreakerState state) throws Exception {
    PartnerCircuit circuit = circuit(state == HALF_OPEN ? SHORT : LONG);
    if (state != CLOSED) {
      Event.BREACH.happen(this, circuit);
    }
    if (state == HALF_OPEN) {
      await(halfOpened.future());
    }
    assertEquals(state, circuit.state());
    return circuit;
  }

  /** Until everything that was asked of the circuit has been done. */
  private void settle() throws Exception {
    Promise<Void> done = Promise.promise();
    root.runOnContext(v -> done.complete());
    await(done.future());
  }

  private enum Event {
    GOOD_CALLS {
      @Override
      void happen(PartnerCircuitTest test, PartnerCircuit circuit) throws Exception {
        test.record(circuit, circuit.generation(), false, false);
      }
    },
    BREACH {
      @Override
      void happen(PartnerCircuitTest test, PartnerCircuit circuit) throws Exception {
        test.record(circuit, circuit.generation(), true, false);
      }
    },
    SLOW_BREACH {
      @Override
      void happen(PartnerCircuitTest test, PartnerCircuit circuit) throws Exception {
        test.record(circuit, circuit.generation(), false, true);
      }
    },
    BREACH_OF_STRAGGLERS {
      @Override
      void happen(PartnerCircuitTest test, PartnerCircuit circuit) throws Exception {
        test.record(circuit, circuit.generation() - 1, true, true);
      }
    },
    GOOD_PROBE {
      @Override
      void happen(PartnerCircuitTest test, PartnerCircuit circuit) throws Exception {
        test.settled(circuit.probe(() -> Future.succeededFuture("well")));
      }
    },
    BAD_PROBE {
      @Override
      void happen(PartnerCircuitTest test, PartnerCircuit circuit) throws Exception {
        test.settled(circuit.probe(() -> Future.failedFuture("ill")));
      }
    };

    abstract void happen(PartnerCircuitTest test, PartnerCircuit circuit) throws Exception;
  }

  private void record(PartnerCircuit circuit, int generation, boolean failed, boolean slow)
      throws Exception {
    for (int i = 0; i < MINIMUM_CALLS; i++) {
      circuit.record(generation, failed, slow);
    }
    settle();
  }

  private void settled(Future<?> probe) throws Exception {
    await(probe.transform(done -> Future.succeededFuture()));
    settle();
  }

  private record Row(CircuitBreakerState state, Event event, CircuitBreakerState next) {}

  static Stream<Row> rows() {
    return Stream.of(
        new Row(CLOSED, Event.GOOD_CALLS, CLOSED),
        new Row(CLOSED, Event.BREACH, OPEN),
        new Row(CLOSED, Event.SLOW_BREACH, OPEN),
        new Row(CLOSED, Event.BREACH_OF_STRAGGLERS, CLOSED),
        new Row(CLOSED, Event.GOOD_PROBE, CLOSED),
        new Row(CLOSED, Event.BAD_PROBE, CLOSED),
        new Row(OPEN, Event.GOOD_CALLS, OPEN),
        new Row(OPEN, Event.BREACH, OPEN),
        new Row(OPEN, Event.SLOW_BREACH, OPEN),
        new Row(OPEN, Event.BREACH_OF_STRAGGLERS, OPEN),
        new Row(OPEN, Event.GOOD_PROBE, OPEN),
        new Row(OPEN, Event.BAD_PROBE, OPEN),
        new Row(HALF_OPEN, Event.GOOD_CALLS, HALF_OPEN),
        new Row(HALF_OPEN, Event.BREACH, HALF_OPEN),
        new Row(HALF_OPEN, Event.SLOW_BREACH, HALF_OPEN),
        new Row(HALF_OPEN, Event.BREACH_OF_STRAGGLERS, HALF_OPEN),
        new Row(HALF_OPEN, Event.GOOD_PROBE, CLOSED),
        new Row(HALF_OPEN, Event.BAD_PROBE, OPEN));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void changesItsStateAsTheTableSays(Row row) throws Exception {
    // Given
    PartnerCircuit circuit = reach(row.state());
    changes.clear();

    // When
    row.event().happen(this, circuit);

    // Then: of the changes, as a reopened circuit goes on by itself
    String now = changes.isEmpty() ? row.state().name() : changes.get(0);
    assertEquals(row.next().name(), now);
  }

  @Test
  void isHalfOpenOnceItsTimeIsOver() throws Exception {
    // Given
    PartnerCircuit circuit = reach(HALF_OPEN);

    // Then
    assertEquals(List.of("OPEN", "HALF_OPEN"), changes);
    assertEquals(HALF_OPEN, circuit.state());
  }

  @Test
  void countsAnewAfterItHasClosed() throws Exception {
    // Given
    PartnerCircuit circuit = reach(HALF_OPEN);
    Event.GOOD_PROBE.happen(this, circuit);
    assertEquals(CLOSED, circuit.state());

    // When
    for (int i = 0; i < MINIMUM_CALLS - 1; i++) {
      circuit.record(circuit.generation(), true, false);
    }
    settle();

    // Then
    assertEquals(CLOSED, circuit.state());
    Event.BREACH.happen(this, circuit);
    assertEquals("OPEN", changes.get(3));
  }

  @Test
  void forgetsCallsThatLeftTheWindow() throws Exception {
    // Given: one failure less than a breach
    PartnerCircuit circuit = circuit(LONG);
    for (int i = 0; i < MINIMUM_CALLS - 1; i++) {
      circuit.record(circuit.generation(), true, false);
    }

    // When
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    circuit.record(circuit.generation(), true, false);
    settle();

    // Then
    assertEquals(CLOSED, circuit.state());
  }

  @Test
  void seesAPartnerThatFailsTwoOfThree() throws Exception {
    // Given
    PartnerCircuit circuit = circuit(LONG);

    // When
    for (int i = 0; i < MINIMUM_CALLS; i++) {
      circuit.record(circuit.generation(), i % 3 != 2, false);
    }
    settle();

    // Then
    assertEquals(OPEN, circuit.state());
  }

  @Test
  void letsOneProbeThroughAtATime() throws Exception {
    // Given
    PartnerCircuit circuit = reach(HALF_OPEN);
    Promise<String> answer = Promise.promise();
    Promise<Void> begun = Promise.promise();
    Future<String> first =
        circuit.probe(
            () -> {
              begun.complete();
              return answer.future();
            });
    await(begun.future());

    // When
    Throwable refused =
        await(
            circuit
                .<String>probe(() -> Future.failedFuture("must not run"))
                .transform(done -> Future.succeededFuture(done.cause())));

    // Then
    assertInstanceOf(OpenCircuitException.class, refused);
    assertEquals(HALF_OPEN, circuit.state());
    answer.complete("well");
    assertEquals("well", await(first));
    settle();
    assertEquals(CLOSED, circuit.state());
  }

  @Test
  void aProbeThatComesTooLateDoesNotRunAndCannotCloseTheCircuitAfterwards() throws Exception {
    // Given: it was half open when the caller looked, and is closed when the probe would run
    PartnerCircuit circuit = circuit(SHORT);
    Promise<String> answer = Promise.promise();
    Future<String> late = circuit.probe(answer::future);
    settle();

    // When: it opens, half opens, and the late one ends well
    Event.BREACH.happen(this, circuit);
    await(halfOpened.future());
    answer.complete("well");
    settle();
    settle();

    // Then
    assertTrue(late.failed());
    assertEquals(HALF_OPEN, circuit.state());
    assertEquals(List.of("OPEN", "HALF_OPEN"), changes);
  }

  @Test
  void saysHowLongItStaysOpen() throws Exception {
    // Given
    PartnerCircuit circuit = reach(OPEN);
    assertEquals(LONG, circuit.retryAfter());

    // When
    nanos.addAndGet(LONG.minusMinutes(2).toNanos());

    // Then
    assertEquals(Duration.ofMinutes(2), circuit.retryAfter());
    nanos.addAndGet(LONG.toNanos());
    assertEquals(Duration.ofSeconds(1), circuit.retryAfter());
  }

  @Test
  void namesEachChangeOnce() throws Exception {
    // Given
    PartnerCircuit circuit = circuit(LONG);

    // When: many see the breach at once
    for (int i = 0; i < 3; i++) {
      for (int n = 0; n < MINIMUM_CALLS; n++) {
        circuit.record(0, true, true);
      }
    }
    settle();

    // Then
    assertEquals(List.of("OPEN"), changes);
    assertTrue(circuit.generation() > 0);
  }

  @Test
  void tellsHowOftenItOpenedAndWhatItJudgesBy() throws Exception {
    // Given
    PartnerCircuit circuit = circuit(LONG);
    assertEquals(0, circuit.openings());
    circuit.record(circuit.generation(), true, true);
    assertEquals(1, circuit.window().calls());
    assertEquals(1, circuit.window().failures());
    assertEquals(1, circuit.window().slow());

    // When
    Event.BREACH.happen(this, circuit);
    settle();

    // Then
    assertEquals(OPEN, circuit.state());
    assertEquals(1, circuit.openings());
    assertTrue(circuit.window().calls() > 1, "the calls that opened it");
  }
}
