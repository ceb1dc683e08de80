package infopass.gateway.infopass;

import static infopass.gateway.Race.require;
import static infopass.gateway.Race.together;

import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Several threads that report failures to one circuit and probe it while it opens and closes. Its
 * states are the library's, on event loops, so this one runs on real threads only.
 */
public final class CircuitRace {
  private static final int THREADS = 4;
  private static final int STEPS = 100;
  private static final int PATIENCE_SECONDS = 30;

  private static final Map<String, Set<String>> MAY_FOLLOW =
      Map.of(
          "CLOSED", Set.of("OPEN"),
          "OPEN", Set.of("HALF_OPEN"),
          "HALF_OPEN", Set.of("OPEN", "CLOSED"));

  private final Vertx vertx;
  private final Queue<String> changes = new ConcurrentLinkedQueue<>();
  private final Set<Thread> changers = ConcurrentHashMap.newKeySet();
  private final AtomicInteger probing = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private Context root;
  private PartnerCircuit circuit;

  private CircuitRace(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Runs it so often, each time with another circuit. */
  public static void run(Vertx vertx, int rounds) {
    for (int round = 0; round < rounds; round++) {
      new CircuitRace(vertx).once(round);
    }
  }

  private void once(long seed) {
    root = vertx.getOrCreateContext();
    Promise<PartnerCircuit> made = Promise.promise();
    root.runOnContext(
        v ->
            made.complete(
                new PartnerCircuit(
                    vertx,
                    new InfopassConfig.Breaker(
                        Duration.ofSeconds(10),
                        2,
                        0.5,
                        1,
                        Duration.ofHours(1),
                        Duration.ofMillis(1)),
                    System::nanoTime,
                    (name, state) -> {
                      changes.add(state);
                      changers.add(Thread.currentThread());
                    })));
    circuit = await(made.future());
    Runnable[] callers = new Runnable[THREADS];
    for (int i = 0; i < THREADS; i++) {
      RandomGenerator random = new SplittableRandom(seed * THREADS + i);
      callers[i] = () -> caller(random);
    }
    together(callers);
    turn();
    check();
  }

  /** Lets the circuit change, which it does on its own context. */
  private void turn() {
    Promise<Void> turned = Promise.promise();
    root.runOnContext(v -> turned.complete());
    await(turned.future());
  }

  private void caller(RandomGenerator random) {
    for (int step = 0; step < STEPS; step++) {
      CircuitBreakerState state = circuit.state();
      if (state == CircuitBreakerState.CLOSED) {
        circuit.record(circuit.generation(), random.nextInt(3) > 0, false);
        turn();
      } else {
        probe(random.nextBoolean());
      }
    }
  }

  private void probe(boolean well) {
    asked.incrementAndGet();
    Future<Boolean> probe = circuit.probe(() -> asked(well));
    await(probe.transform(done -> Future.succeededFuture(answered.incrementAndGet())));
  }

  /** Answers from another event loop, as the partner does. */
  private Future<Boolean> asked(boolean well) {
    require(probing.incrementAndGet() == 1, "two calls probe at once");
    Promise<Boolean> answer = Promise.promise();
    vertx.runOnContext(
        v -> {
          probing.decrementAndGet();
          if (well) {
            answer.complete(true);
          } else {
            answer.fail("no");
          }
        });
    return answer.future();
  }

  private void check() {
    require(answered.get() == asked.get(), "a probe was never answered");
    require(probing.get() == 0, "a probe never ended");
    require(changers.size() <= 1, "changed by more than one thread");
    String state = "CLOSED";
    int openings = 0;
    List<String> seen = List.copyOf(changes);
    for (String next : seen) {
      require(MAY_FOLLOW.get(state).contains(next), state + " was followed by " + next);
      openings += next.equals("OPEN") ? 1 : 0;
      state = next;
    }
    require(!seen.isEmpty(), "it never opened");
    require(circuit.openings() >= openings, "openings that are not counted");
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
