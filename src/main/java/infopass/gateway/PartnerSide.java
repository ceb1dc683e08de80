package infopass.gateway;

import infopass.gateway.infopass.AccountClient;
import infopass.gateway.infopass.BreakerClient;
import infopass.gateway.infopass.DeadlineClient;
import infopass.gateway.infopass.HttpInfopassClient;
import infopass.gateway.infopass.InfopassClient;
import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.infopass.InfopassVerticle;
import infopass.gateway.infopass.LimitedClient;
import infopass.gateway.infopass.PacedClient;
import infopass.gateway.infopass.PartnerConnections;
import infopass.gateway.infopass.RetryingClient;
import infopass.gateway.resilience.Backoff;
import infopass.gateway.resilience.Bulkhead;
import infopass.gateway.resilience.TimerWheel;
import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The composition of a request's way to the partner: which policy sits where, and why there.
 *
 * @param config the configuration in use
 * @param pushed what is told of attempts
 * @param trust whom the partner's certificate must come from; empty for the system's authorities
 */
record PartnerSide(
    Supplier<GatewayConfig> config,
    Vertx vertx,
    Surroundings world,
    Shared shared,
    Pushed pushed,
    Optional<TrustOptions> trust) {

  /** One screen. Called on each client instance's event loop. */
  InfopassVerticle.Chain chain(int instance, int instances) {
    InfopassConfig infopass = config.get().infopass();
    int size = Shares.of(infopass.pool().size(), instances, instance, 1);
    int queue = Shares.of(infopass.pool().waitQueue(), instances, instance, 0);
    TimerWheel timers =
        new TimerWheel(world.nanoTime(), (millis, run) -> vertx.setTimer(millis, on -> run.run()));
    PartnerConnections connections =
        new PartnerConnections(vertx, infopass, size, trust, world.resolver(), world.nanoTime());

    // Innermost first. The wire: one attempt, bounded in time and size.
    InfopassClient client =
        new HttpInfopassClient(
            connections,
            config.get().token(),
            infopass.timeouts().attempt(),
            shared.counters(),
            pushed.attempts(),
            timers,
            world.clock(),
            world.nanoTime(),
            shared.spans());
    // Next to the wire: each attempt is counted, and a call that waited looks at the circuit again.
    BreakerClient breaker =
        new BreakerClient(
            client, shared.circuit(), infopass.circuitBreaker().slowCallDuration(), vertx);
    // As many at once as there are connections; a bounded queue; the rest refused at once.
    client =
        new LimitedClient(
            breaker,
            new Bulkhead(size, queue),
            world.random().get(),
            shared.pool(),
            pushed.poolWaits(),
            world.nanoTime());
    // Around the pool, so that a call has its turn before it takes a connection.
    client =
        new PacedClient(
            client,
            shared.pacer(),
            shared.refusals(),
            breaker::refusedNow,
            shared.lifecycle()::draining,
            vertx,
            world.nanoTime());
    // Inside the deadline, so that pauses and attempts together end in time.
    client =
        new RetryingClient(
            client,
            infopass.retry(),
            new Backoff(
                infopass.retry().initialBackoff(),
                infopass.retry().maxBackoff(),
                world.random().get()),
            shared.retryBudget(),
            shared.counters(),
            vertx,
            world.nanoTime());
    // Around the retry: a refused account is not tried again, by this call or by others.
    client = new AccountClient(client, shared.accountHold());
    // Outermost: whatever happens inside, the caller has an answer by then.
    client = new DeadlineClient(client, timers, world.nanoTime());
    return new InfopassVerticle.Chain(client, connections, size);
  }
}
