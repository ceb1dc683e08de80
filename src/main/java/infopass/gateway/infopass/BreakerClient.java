package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.infopass.PartnerFailure.Health;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Asks only while the circuit is closed, and tells it how each call went. A refusal is not
 * replayable: the retry outside would knock at a closed door. Belongs to one event loop.
 */
public final class BreakerClient implements InfopassClient {
  private final InfopassClient inner;
  private final PartnerCircuit circuit;
  private final Duration slowCallDuration;
  private final Vertx vertx;

  public BreakerClient(
      InfopassClient inner, PartnerCircuit circuit, Duration slowCallDuration, Vertx vertx) {
    this.inner = inner;
    this.circuit = circuit;
    this.slowCallDuration = slowCallDuration;
    this.vertx = vertx;
  }

  /** Why a call need not even wait for its turn; null while calls are made. */
  public PartnerFailure refusedNow() {
    return circuit.state() == CircuitBreakerState.OPEN ? refusal() : null;
  }

  @Override
  public Future<InitSession> init(PartnerCall call) {
    return switch (circuit.state()) {
      case CLOSED -> counted(call);
      case HALF_OPEN -> probe(call);
      case OPEN -> Future.failedFuture(refusal());
    };
  }

  private Future<InitSession> counted(PartnerCall call) {
    int generation = circuit.generation();
    call.beforeTheWire(this::refusedNow);
    Duration before = call.partnerTime();
    return inner
        .init(call)
        .onComplete(
            done -> {
              Health health = done.succeeded() ? Health.WELL : healthOf(done.cause());
              if (health != Health.UNTOLD) {
                // The partner's time alone: a queue of our own is no slowness of its.
                Duration took = call.partnerTime().minus(before);
                boolean slow = took.compareTo(slowCallDuration) >= 0;
                circuit.record(generation, health == Health.ILL, slow);
              }
            });
  }

  /**
   * One call goes through to see whether the partner is back. Any answer of the partner's closes
   * the circuit; that we could not even ask opens it for another round.
   */
  private Future<InitSession> probe(PartnerCall call) {
    Context own = vertx.getOrCreateContext();
    call.beforeTheWire(() -> null);
    Promise<InitSession> result = Promise.promise();
    circuit
        .<Boolean>probe(
            () -> {
              Promise<Boolean> verdict = Promise.promise();
              own.runOnContext(
                  v ->
                      inner
                          .init(call)
                          .onComplete(
                              done -> {
                                result.handle(done);
                                judge(done.cause(), verdict);
                              }));
              return verdict.future();
            })
        .onFailure(
            cause -> {
              if (cause instanceof OpenCircuitException) {
                own.runOnContext(v -> result.tryFail(refusal()));
              } else if (cause instanceof PartnerCircuit.ClosedMeanwhile) {
                own.runOnContext(v -> init(call).onComplete(result));
              }
            });
    return result.future();
  }

  private static void judge(Throwable cause, Promise<Boolean> verdict) {
    if (cause == null || answered(cause)) {
      verdict.complete(true);
    } else {
      verdict.fail(cause);
    }
  }

  private static boolean answered(Throwable cause) {
    return healthOf(cause) == Health.WELL
        || cause instanceof PartnerFailure failure
            && failure.health() == Health.UNTOLD
            && failure.failure().outcome() == Outcome.REJECTED;
  }

  private static Health healthOf(Throwable cause) {
    return cause instanceof PartnerFailure failure ? failure.health() : Health.UNTOLD;
  }

  private PartnerFailure refusal() {
    return PartnerFailure.refused(
        InitFailure.notSent(
                Problem.CIRCUIT_OPEN, "Calls to Infopass are held back after too many failures.")
            .withRetryAfter(circuit.retryAfter()));
  }
}
