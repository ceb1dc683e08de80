package infopass.gateway.infopass;

import infopass.gateway.logging.LogLimit;
import infopass.gateway.resilience.FailureRateWindow;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The circuit to the partner, one per process, shared by all client instances. Thread-safe.
 *
 * <p>The states and the timer are Vert.x' circuit breaker's; when to open and what a probe says is
 * ours. The library counts failures since the last success, so that a partner which fails every
 * second call never opens it; here a rolling window judges the share of failures and of slow calls
 * once there are enough. No call runs inside the library: one that began before the circuit opened
 * must not, by ending late, close or reopen it, and a probe that says nothing of the partner must
 * do neither. All transitions run on a context that belongs to no verticle, since a timer set on a
 * verticle's context dies with it and would leave the circuit open for ever.
 */
public final class PartnerCircuit {
  /** The name in logs and events. */
  public static final String NAME = "infopass";

  private static final Logger LOG = LoggerFactory.getLogger(PartnerCircuit.class);
  private static final Duration SOON = Duration.ofSeconds(1);

  /** Longest that a Retry-After of the partner's keeps the circuit open. */
  private static final Duration LONGEST_HOLD = Duration.ofMinutes(5);

  private final CircuitBreaker breaker;
  private final Context root;
  private final FailureRateWindow window;
  private final Duration openFor;
  private final LongSupplier nanoTime;
  private final LogLimit log;
  private volatile long openedAtNanos;
  private volatile int generation;

  /** Nanoseconds before which no probe is made, since the partner asked for it; 0 for none. */
  private volatile long notBeforeNanos;

  /** Whether a probe is under way. Read and written on the circuit's context alone. */
  private boolean probing;

  /** Whether the library opens only to wait on: the same opening. Guarded by its lock. */
  private boolean stillOpen;

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
    this.log = new LogLimit(nanoTime);
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
    breaker.openHandler(
        v -> {
          if (!stillOpen) {
            transition(CircuitBreakerState.OPEN, changed);
          }
        });
    breaker.halfOpenHandler(
        v -> {
          if (untilProbeNanos() > 0) {
            stillOpen = true;
            breaker.open();
            stillOpen = false;
          } else {
            transition(CircuitBreakerState.HALF_OPEN, changed);
          }
        });
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
    if (!failed && notBeforeNanos != 0) {
      notBeforeNanos = 0; // It answers after all.
    }
    if (begunIn == generation && window.record(failed, slow)) {
      root.runOnContext(v -> open(begunIn));
    }
  }

  /**
   * Heeds the partner's Retry-After: once the circuit is open, no probe is made before it.
   *
   * @param retryAfter from now; more than {@link #LONGEST_HOLD} counts as that
   */
  void notBefore(Duration retryAfter) {
    Duration hold = retryAfter.compareTo(LONGEST_HOLD) > 0 ? LONGEST_HOLD : retryAfter;
    notBeforeNanos = nanoTime.getAsLong() + hold.toNanos();
  }

  private long untilProbeNanos() {
    long notBefore = notBeforeNanos;
    return notBefore == 0 ? 0 : notBefore - nanoTime.getAsLong();
  }

  private void open(int begunIn) {
    if (begunIn == generation && breaker.state() == CircuitBreakerState.CLOSED) {
      breaker.open();
    }
  }

  /**
   * Runs the probe of a half-open circuit. Its success closes the circuit and its failure opens it
   * again; a failure with {@link Inconclusive} does neither, and the next call probes. Fails with
   * the library's {@code OpenCircuitException} where another probe is under way, and with {@link
   * ClosedMeanwhile} where none is needed any more.
   *
   * @param call runs on the circuit's context, and has to end
   */
  <T> Future<T> probe(Supplier<Future<T>> call) {
    Promise<T> result = Promise.promise();
    root.runOnContext(
        v -> {
          if (breaker.state() == CircuitBreakerState.CLOSED) {
            result.fail(ClosedMeanwhile.INSTANCE);
          } else if (breaker.state() == CircuitBreakerState.OPEN || probing) {
            result.fail(OpenCircuitException.INSTANCE);
          } else {
            probing = true;
            call.get().onComplete(done -> root.runOnContext(over -> probed(done, result)));
          }
        });
    return result.future();
  }

  private <T> void probed(AsyncResult<T> done, Promise<T> result) {
    probing = false;
    if (done.succeeded()) {
      notBeforeNanos = 0;
      breaker.reset();
    } else if (!(done.cause() instanceof Inconclusive)) {
      breaker.open();
    }
    result.handle(done);
  }

  /** The probe said nothing of the partner. Without a stack trace. */
  static final class Inconclusive extends RuntimeException {
    private static final long serialVersionUID = 1L;
    static final Inconclusive INSTANCE = new Inconclusive();

    private Inconclusive() {
      super("the probe was no probe", null, false, false);
    }
  }

  /** The circuit was closed before the probe could begin. Without a stack trace. */
  static final class ClosedMeanwhile extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final ClosedMeanwhile INSTANCE = new ClosedMeanwhile();

    private ClosedMeanwhile() {
      super("the circuit is closed", null, false, false);
    }
  }

  /** When there is sense in asking again: what is left of the open time, or soon. */
  public Duration retryAfter() {
    long untilProbe = openFor.toNanos() - (nanoTime.getAsLong() - openedAtNanos);
    Duration left = Duration.ofNanos(Math.max(untilProbe, untilProbeNanos()));
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
    log.line(LOG, next == CircuitBreakerState.OPEN ? Level.WARN : Level.INFO, next)
        .addKeyValue("circuit", NAME)
        .addKeyValue("state", next)
        .addKeyValue("calls", seen.calls())
        .addKeyValue("failures", seen.failures())
        .addKeyValue("slow", seen.slow())
        .log("circuit changed");
    changed.accept(NAME, next.name());
  }
}
