package infopass.gateway.infopass;

import infopass.gateway.resilience.FailureRateWindow;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The circuit to the partner, one per process, shared by all client instances. Thread-safe.
 *
 * <p>The states, the probe and the timer are Vert.x' circuit breaker's; when to open is ours. The
 * library counts failures since the last success, so that a partner which fails every second call
 * never opens it; here a rolling window judges the share of failures and of slow calls once there
 * are enough. Only the probe runs inside the library: a call that began before the circuit opened
 * must not, by ending late, close or reopen it. All transitions run on a context that belongs to no
 * verticle, since a timer set on a verticle's context dies with it and would leave the circuit open
 * for ever.
 */
public final class PartnerCircuit {
  /** The name in logs and events. */
  public static final String NAME = "infopass";

  private static final Logger LOG = LoggerFactory.getLogger(PartnerCircuit.class);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final CircuitBreaker breaker;
  private final Context root;
  private final FailureRateWindow window;
  private final Duration openFor;
  private final LongSupplier nanoTime;
  private volatile long openedAtNanos;
  private volatile int generation;
  private final LongAdder openings = new LongAdder();

  /** Null while it is closed. */
  private volatile FailureRateWindow.Snapshot openedBy;

  /**
   * Call it outside of any verticle.
   *
   * @param changed told of every change of state, with {@link #NAME} and the new state's name
   */
  public PartnerCircuit(
      Vertx vertx,
      InfopassConfig.Breaker config,
      LongSupplier nanoTime,
      BiConsumer<String, String> changed) {
    this.openFor = config.openFor();
    this.nanoTime = nanoTime;
    this.root = vertx.getOrCreateContext();
    this.window =
        new FailureRateWindow(
            config.window(),
            config.minimumCalls(),
            config.failureRate(),
            config.slowCallRate(),
            nanoTime);
    this.breaker =
        CircuitBreaker.create(
            NAME,
            vertx,
            new CircuitBreakerOptions()
                .setTimeout(-1)
                .setMaxRetries(0)
                .setMaxFailures(Integer.MAX_VALUE)
                .setResetTimeout(Math.max(1, openFor.toMillis()))
                .setNotificationAddress(null));
    breaker.openHandler(v -> transition(CircuitBreakerState.OPEN, changed));
    breaker.halfOpenHandler(v -> transition(CircuitBreakerState.HALF_OPEN, changed));
    breaker.closeHandler(v -> transition(CircuitBreakerState.CLOSED, changed));
  }

  public CircuitBreakerState state() {
    return breaker.state();
  }

  /** How often it has opened, after failed probes too. */
  public long openings() {
    return openings.sum();
  }

  /** The calls that it is judged by while it is closed; else those that opened it. */
  public FailureRateWindow.Snapshot window() {
    FailureRateWindow.Snapshot before = openedBy;
    return before == null ? window.snapshot() : before;
  }

  /** Changes with every change of state: tells calls of before from calls of now. */
  int generation() {
    return generation;
  }

  /**
   * Counts a call that was let through while the circuit was closed, and opens it where there are
   * too many bad ones. A call of an earlier generation is not counted.
   */
  void record(int begunIn, boolean failed, boolean slow) {
    if (begunIn == generation && window.record(failed, slow)) {
      root.runOnContext(v -> open(begunIn));
    }
  }

  private void open(int begunIn) {
    if (begunIn == generation && breaker.state() == CircuitBreakerState.CLOSED) {
      breaker.open();
    }
  }

  /**
   * Runs the probe of a half-open circuit. Fails with the library's {@code OpenCircuitException}
   * where another probe is under way, and with {@link ClosedMeanwhile} where none is needed any
   * more.
   *
   * @param call runs on the circuit's context; its failure opens the circuit again
   */
  <T> Future<T> probe(Supplier<Future<T>> call) {
    // A call that runs in the library while the circuit is closed could close it later, when it
    // ends while the circuit is half open.
    return onRoot(
        () ->
            breaker.state() == CircuitBreakerState.CLOSED
                ? Future.failedFuture(ClosedMeanwhile.INSTANCE)
                : breaker.execute(call));
  }

  /** The circuit was closed before the probe could begin. Without a stack trace. */
  static final class ClosedMeanwhile extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final ClosedMeanwhile INSTANCE = new ClosedMeanwhile();

    private ClosedMeanwhile() {
      super("the circuit is closed", null, false, false);
    }
  }

  private <T> Future<T> onRoot(Callable<Future<T>> action) {
    Promise<T> result = Promise.promise();
    root.runOnContext(
        v -> {
          try {
            action.call().onComplete(result);
          } catch (Exception e) {
            result.fail(e);
          }
        });
    return result.future();
  }

  /** When there is sense in asking again: what is left of the open time, or soon. */
  public Duration retryAfter() {
    Duration left = openFor.minusNanos(nanoTime.getAsLong() - openedAtNanos);
    return breaker.state() != CircuitBreakerState.OPEN || left.compareTo(SOON) < 0 ? SOON : left;
  }

  private void transition(CircuitBreakerState next, BiConsumer<String, String> changed) {
    FailureRateWindow.Snapshot seen = window.snapshot();
    generation++;
    window.clear();
    if (next == CircuitBreakerState.CLOSED) {
      openedBy = null;
    } else if (openedBy == null) {
      openedBy = seen;
    }
    if (next == CircuitBreakerState.OPEN) {
      openedAtNanos = nanoTime.getAsLong();
      openings.increment();
    }
    (next == CircuitBreakerState.OPEN ? LOG.atWarn() : LOG.atInfo())
        .addKeyValue("circuit", NAME)
        .addKeyValue("state", next)
        .addKeyValue("calls", seen.calls())
        .addKeyValue("failures", seen.failures())
        .addKeyValue("slow", seen.slow())
        .log("circuit changed");
    changed.accept(NAME, next.name());
  }
}
