package infopass.gateway.infopass;

import infopass.gateway.bus.InitBus;
import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.InitFailedException;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.resilience.RetryAfters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client instance: takes commands off the event bus on its own event loop and answers each with
 * an outcome. Deploy one per event loop.
 */
public final class InfopassVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(InfopassVerticle.class);

  private static final Set<Problem> SPREAD =
      EnumSet.of(Problem.CIRCUIT_OPEN, Problem.UPSTREAM_BUSY, Problem.UPSTREAM_CREDENTIALS);

  /**
   * The policies around the wire, the wire's connections, and how many calls they can have there at
   * once.
   */
  public record Chain(InfopassClient client, PartnerConnections connections, int places) {}

  private final InitBus bus;
  private final CallCounters counters;
  private final RandomGenerator random;
  private final Supplier<Chain> chains;
  private final Duration grace;
  private final Set<PartnerCall> calls = new HashSet<>();
  private Chain chain;
  private Context own;
  private InitBus.Registration registration;

  /**
   * @param random spreads the times at which refused callers come back
   * @param chains called once, on this instance's event loop
   * @param grace longest time for calls in flight to end when the instance stops
   */
  public InfopassVerticle(
      InitBus bus,
      CallCounters counters,
      RandomGenerator random,
      Supplier<Chain> chains,
      Duration grace) {
    this.bus = bus;
    this.counters = counters;
    this.random = random;
    this.chains = chains;
    this.grace = grace;
  }

  @Override
  public Future<?> start() {
    own = vertx.getOrCreateContext();
    chain = chains.get();
    registration = bus.serve(this::answer, chain.places());
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    if (registration == null) {
      return Future.succeededFuture();
    }
    return registration
        .close()
        .eventually(
            () -> {
              // Only those that the drain has waited for in vain: an answer rather than a cut.
              List.copyOf(calls).forEach(PartnerCall::deadlinePassed);
              return chain.connections().shutdown(grace);
            });
  }

  private Future<InitOutcome> answer(InitCommand command) {
    PartnerCall call = new PartnerCall(command);
    command.presence().whenLeft(() -> own.runOnContext(left -> callerLeft(call)));
    if (command.presence().left()) {
      // Its action is queued behind this: too late to keep the request from being sent.
      callerLeft(call);
    }
    calls.add(call);
    return chain
        .client()
        .init(call)
        .transform(
            done -> {
              calls.remove(call);
              return done.succeeded() ? granted(done.result()) : denied(done.cause());
            });
  }

  private void callerLeft(PartnerCall call) {
    if (call.callerHasLeft()) {
      counters.callerAbandoned();
    }
  }

  private static Future<InitOutcome> granted(InitSession session) {
    return Future.succeededFuture(new InitOutcome.Granted(session));
  }

  private Future<InitOutcome> denied(Throwable cause) {
    if (cause instanceof InitFailedException expected) {
      InitFailure failure = expected.failure();
      if (failure.problem() == Problem.UPSTREAM_BUSY) {
        counters.busy(failure.upstream());
      }
      return Future.succeededFuture(new InitOutcome.Denied(spread(failure)));
    }
    return Future.failedFuture(cause);
  }

  /** What was said by the partner stays; what many are answered here at once is spread. */
  private InitFailure spread(InitFailure failure) {
    boolean ours =
        failure.outcome() == Outcome.NOT_SENT
            && failure.upstream() == null
            && SPREAD.contains(failure.problem());
    return ours && failure.retryAfter() != null
        ? failure.withRetryAfter(RetryAfters.spread(failure.retryAfter(), random))
        : failure;
  }
}
