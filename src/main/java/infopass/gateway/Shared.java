package infopass.gateway;

import infopass.gateway.audit.AuditConfig;
import infopass.gateway.audit.AuditTrail;
import infopass.gateway.audit.FileAuditTrail;
import infopass.gateway.audit.SubjectReference;
import infopass.gateway.bus.Addresses;
import infopass.gateway.bus.InitBus;
import infopass.gateway.bus.SendTimeouts;
import infopass.gateway.bus.SessionBus;
import infopass.gateway.callers.ReloadableCallers;
import infopass.gateway.countdown.CountdownStreams;
import infopass.gateway.countdown.SignedLinks;
import infopass.gateway.countdown.WatchLimit;
import infopass.gateway.http.Lifecycle;
import infopass.gateway.idempotency.IdempotencyStore;
import infopass.gateway.infopass.AccountHold;
import infopass.gateway.infopass.CallCounters;
import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.infopass.PartnerCircuit;
import infopass.gateway.infopass.PoolUse;
import infopass.gateway.intake.InFlight;
import infopass.gateway.resilience.Pacer;
import infopass.gateway.resilience.RefusalEvidence;
import infopass.gateway.resilience.RetryBudget;
import infopass.gateway.tracing.Spans;
import infopass.gateway.tracing.Tracing;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

/** What the event loops of one process share. All of it is thread-safe. */
record Shared(
    Lifecycle lifecycle,
    EventLoops eventLoops,
    InFlight inFlight,
    ReloadableCallers callers,
    IdempotencyStore repeated,
    InitBus bus,
    AccountHold accountHold,
    RetryBudget retryBudget,
    Pacer pacer,
    RefusalEvidence refusals,
    PartnerCircuit circuit,
    CallCounters counters,
    PoolUse pool,
    SessionBus sessions,
    WatchLimit watchLimit,
    CountdownStreams streams,
    SignedLinks links,
    AuditTrail trail,
    Spans spans) {

  /** To be called outside of any verticle: timers set here must outlive them all. */
  static Shared of(GatewayConfig config, Vertx vertx, Surroundings world, Cluster cluster) {
    InfopassConfig infopass = config.infopass();
    SendTimeouts.announce(vertx);
    Pacer pacer =
        new Pacer(
            infopass.quota().requests(),
            infopass.quota().per(),
            config.admission().maxWaiting(),
            world.nanoTime(),
            world.random().get(),
            alarm(vertx));
    return new Shared(
        new Lifecycle(),
        new EventLoops(world.nanoTime()),
        new InFlight(config.admission().maxInFlight()),
        new ReloadableCallers(SigningKeys.callers(config, world.nanoTime(), null)),
        cluster.repetitions(config, world),
        new InitBus(vertx, world.nanoTime(), cluster.partner()),
        new AccountHold(world.nanoTime()),
        new RetryBudget(
            infopass.retry().budgetRatio(),
            infopass.retry().budgetMinPerSecond(),
            world.nanoTime()),
        pacer,
        new RefusalEvidence(world.nanoTime()),
        new PartnerCircuit(
            vertx,
            infopass.circuitBreaker(),
            world.nanoTime(),
            (name, state) -> circuitChanged(vertx, pacer, name, state)),
        new CallCounters(world.nanoTime()),
        new PoolUse(),
        new SessionBus(vertx, cluster::quiet),
        new WatchLimit(config.countdown().maxSessions()),
        new CountdownStreams(config.countdown().maxStreams()),
        SigningKeys.links(config),
        trail(config.audit()),
        Tracing.start(config.tracing(), Main.version(), TracingProxy.of(config)));
  }

  private static AuditTrail trail(AuditConfig config) {
    return config.enabled()
        ? new FileAuditTrail(new SubjectReference(config.key().reveal()), Path.of(config.file()))
            .start()
        : AuditTrail.NONE;
  }

  /** Who waits for a turn is told at once when the circuit opens: the turn would not come. */
  private static void circuitChanged(Vertx vertx, Pacer pacer, String name, String state) {
    vertx
        .eventBus()
        .publish(Addresses.CIRCUIT, new JsonObject().put("name", name).put("state", state));
    if (CircuitBreakerState.OPEN.name().equals(state)) {
      pacer.refuseAllWaiting();
    }
  }

  private static Pacer.Alarm alarm(Vertx vertx) {
    Context root = vertx.getOrCreateContext();
    return (delayNanos, action) -> {
      long millis = Math.max(1, (delayNanos + 999_999) / 1_000_000);
      root.runOnContext(set -> vertx.setTimer(millis, fired -> action.run()));
    };
  }

  /** Shows nothing: there are keys in it. */
  @Override
  public String toString() {
    return "Shared";
  }
}
