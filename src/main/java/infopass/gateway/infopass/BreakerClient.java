package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
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
 * Lets an attempt through only while the circuit is closed, and records how it went. It stands next
 * to the wire, so that it sees the partner's time alone and looks at the circuit after every wait.
 * A refusal is not replayable. Belongs to one event loop.
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
    if (call.stopped() != null) {
      return Future.failedFuture(call.stopped());
    }
    return switch (circuit.state()) {
      case CLOSED -> counted(call);
      case HALF_OPEN -> probe(call);
      case OPEN -> Future.failedFuture(refusal());
    };
  }

  private Future<InitSession> counted(PartnerCall call) {
    int generation = circuit.generation();
    Duration before = call.partnerTime();
    return inner
        .init(call)
        .onComplete(
            done -> {
              boolean slow = slow(call, before);
              Health health = health(call, done.cause(), slow);
              if (health == Health.WELL || health == Health.ILL) {
                heed(done.cause());
                circuit.record(generation, health == Health.ILL, slow);
              }
            });
  }

  /**
   * One call goes through to see whether the partner is back. Any answer of the partner's closes
   * the circuit; that it could not even be asked opens it for another round.
   */
  private Future<InitSession> probe(PartnerCall call) {
    Context own = vertx.getOrCreateContext();
    Promise<InitSession> result = Promise.promise();
    circuit
        .<Boolean>probe(
            () -> {
              Promise<Boolean> verdict = Promise.promise();
              own.runOnContext(
                  v -> {
                    Duration before = call.partnerTime();
                    Future.succeededFuture()
                        .compose(asked -> inner.init(call)) // What it throws ends the probe, too.
                        .onComplete(
                            done -> {
                              judge(call, done.cause(), slow(call, before), verdict);
                              result.handle(done);
                            });
                  });
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

  private void judge(PartnerCall call, Throwable cause, boolean slow, Promise<Boolean> verdict) {
    heed(cause);
    switch (health(call, cause, slow)) {
      case WELL, ANSWERED -> verdict.complete(true);
      case ILL -> verdict.fail(cause);
      case UNTOLD -> verdict.fail(PartnerCircuit.Inconclusive.INSTANCE);
    }
  }

  private boolean slow(PartnerCall call, Duration before) {
    return call.partnerTime().minus(before).compareTo(slowCallDuration) >= 0;
  }

  /** A call that was cut short says something of the partner only where it was slow by then. */
  private static Health health(PartnerCall call, Throwable cause, boolean slow) {
    if (cause == null) {
      return Health.WELL;
    }
    if (cause == call.stopped()) {
      return slow ? Health.ILL : Health.UNTOLD;
    }
    return cause instanceof PartnerFailure failure ? failure.health() : Health.UNTOLD;
  }

  /** An overloaded partner may say when it can be asked again. */
  private void heed(Throwable cause) {
    if (cause instanceof PartnerFailure failure
        && failure.health() == Health.ILL
        && failure.failure().problem() == Problem.UPSTREAM_BUSY
        && failure.failure().retryAfter() != null) {
      circuit.notBefore(failure.failure().retryAfter());
    }
  }

  private PartnerFailure refusal() {
    return PartnerFailure.refused(
        InitFailure.notSent(
                Problem.CIRCUIT_OPEN, "Calls to Infopass are held back after too many failures.")
            .withRetryAfter(circuit.retryAfter()));
  }
}
