package infopass.gateway;

import infopass.gateway.bus.InitBus;
import infopass.gateway.cluster.ClusterConfig.Role;
import infopass.gateway.cluster.ClusterCounters;
import infopass.gateway.cluster.ClusterNode;
import infopass.gateway.cluster.StoreMeter;
import infopass.gateway.countdown.ExpiryLedger;
import infopass.gateway.digilocker.SessionWatch;
import infopass.gateway.http.Lifecycle.Stage;
import infopass.gateway.idempotency.IdempotencyStore;
import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.metrics.Metrics;
import infopass.gateway.resilience.Pacer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The composition of what a member of a cluster has beyond a process of its own. */
final class ClusterWiring implements Cluster {
  private final GatewayConfig config;
  private final ClusterNode node;
  private final int loops;
  private volatile PacerShare pace;

  private ClusterWiring(GatewayConfig config, ClusterNode node, int loops) {
    this.config = config;
    this.node = node;
    this.loops = loops;
  }

  /** Joins the cluster, or begins one. Blocks for seconds: to be called from main. */
  static ClusterWiring join(GatewayConfig config, Surroundings world) throws IOException {
    ClusterNode node =
        ClusterNode.join(
            config.cluster(),
            config.idempotency().maxEntries(),
            Main.vertxOptions(),
            world.clock(),
            world.nanoTime());
    return new ClusterWiring(config, node, Main.eventLoops());
  }

  Vertx vertx() {
    return node.vertx();
  }

  @Override
  public boolean has(Role role) {
    return config.cluster().has(role);
  }

  @Override
  public InitBus.Elsewhere partner() {
    return node.partner(config.infopass().retry().on() == InfopassConfig.RetryOn.TRANSIENT);
  }

  @Override
  public IdempotencyStore repetitions(GatewayConfig same, Surroundings world) {
    byte[] secret = config.cluster().secret().reveal().getBytes(StandardCharsets.UTF_8);
    return new IdempotencyStore(
        config.idempotency().maxEntries(), world.clock(), secret, node.memory());
  }

  @Override
  public SessionWatch watched(SessionWatch own) {
    return node.replicated(own);
  }

  @Override
  public boolean quiet(String address) {
    return node.quiet(address);
  }

  @Override
  public Future<Void> open(Shared shared, Surroundings world) {
    node.serve(shared.repeated());
    shared
        .lifecycle()
        .onEnter(
            stage -> {
              if (stage != Stage.STARTING) {
                node.serving(stage == Stage.READY);
              }
            });
    pace = new PacerShare(config.infopass().quota(), shared.pacer());
    node.start(pace, shared.callers()::divide);
    Future<?> heir = node.vertx().deployVerticle(node.takeover(() -> heir(shared, world)));
    return heir.compose(deployed -> has(Role.INFOPASS) ? door(shared) : Future.succeededFuture());
  }

  /** Inits that other nodes hand over, under this node's admission. */
  private Future<Void> door(Shared shared) {
    ClusterNode.Gate gate =
        new ClusterNode.Gate(
            shared.lifecycle()::draining, shared.inFlight()::tryEnter, shared.inFlight()::leave);
    return node.vertx()
        .deployVerticle(
            node.door(gate, shared.bus(), config.infopass().timeouts().overall()),
            new DeploymentOptions().setInstances(loops))
        .mapEmpty();
  }

  /** Tells of the sessions of nodes that have gone, and says so. */
  private ClusterNode.Heir heir(Shared shared, Surroundings world) {
    ExpiryLedger ledger =
        new ExpiryLedger(
                node.vertx(),
                world.clock(),
                config.countdown().expiringAt(),
                shared.watchLimit(),
                event -> shared.sessions().publish(event.asTakenOver()))
            .start();
    return ledger::resume;
  }

  @Override
  public void quota(InfopassConfig.Quota quota, Pacer pacer) {
    pace.quota(quota);
  }

  @Override
  public Map<String, BooleanSupplier> readiness() {
    return Map.of("cluster", node::whole);
  }

  @Override
  public void show(Metrics metrics) {
    metrics.gauge("cluster_nodes", "Processes that this one sees, itself included", node::size);
    metrics.flag(
        "cluster_whole", "Whether what nodes share can be read and written here", node::whole);
    ClusterCounters counts = node.counters();
    metrics.counter(
        "cluster_handed_over_total", "Inits that a client node answered", counts::askedCount);
    metrics.counter(
        "cluster_handed_over_again_total",
        "Inits that went to another client node after the first",
        counts::askedAgainCount);
    metrics.counter(
        "cluster_lost_total", "Inits that a client node did not answer", counts::lostCount);
    metrics.counter(
        "cluster_possible_duplicates_total",
        "Inits that were handed over again though their fate was not known",
        counts::possibleDuplicateCount);
    metrics.counter(
        "cluster_sessions_told_total",
        "Sessions watched here that another node has been told of",
        counts::toldCount);
    metrics.counter(
        "cluster_sessions_taken_over_total",
        "Sessions of nodes that have gone which are watched here",
        counts::takenOverCount);
    for (StoreMeter.Outcome outcome : StoreMeter.Outcome.values()) {
      metrics.counter(
          "cluster_store_operations_total",
          "Operations of the memory of requests with a key",
          () -> node.storeMeter().count(outcome),
          "outcome",
          Meters.label(outcome.name()));
    }
    metrics.gauge(
        "cluster_store_operation_seconds_sum",
        "Time that these took, all together",
        node.storeMeter()::seconds);
  }

  /** Leaves amid a start: of calls that were made there is nothing to tell, or next to nothing. */
  Future<Void> abandon() {
    return left(node.vertx().close());
  }

  private Future<Void> left(Future<Void> closed) {
    return closed.eventually(() -> Future.fromCompletionStage(node.leave()));
  }

  @Override
  public Future<Void> close(Vertx vertx) {
    return left(node.goodbye().transform(said -> vertx.close()));
  }
}
