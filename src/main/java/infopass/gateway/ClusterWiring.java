package infopass.gateway;

import infopass.gateway.bus.InitBus;
import infopass.gateway.cluster.ClusterConfig.Role;
import infopass.gateway.cluster.ClusterNode;
import infopass.gateway.http.Lifecycle.Stage;
import infopass.gateway.infopass.InfopassConfig;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;

/** The composition of what a member of a cluster has beyond a process of its own. */
final class ClusterWiring implements Cluster {
  private final GatewayConfig config;
  private final ClusterNode node;
  private final int loops;

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
  public Future<Void> open(Shared shared) {
    shared
        .lifecycle()
        .onEnter(
            stage -> {
              if (stage != Stage.STARTING) {
                node.serving(stage == Stage.READY);
              }
            });
    node.start();
    if (!has(Role.INFOPASS)) {
      return Future.succeededFuture();
    }
    ClusterNode.Gate gate =
        new ClusterNode.Gate(
            shared.lifecycle()::draining, shared.inFlight()::tryEnter, shared.inFlight()::leave);
    return node.vertx()
        .deployVerticle(
            node.door(gate, shared.bus(), config.infopass().timeouts().overall()),
            new DeploymentOptions().setInstances(loops))
        .mapEmpty();
  }

  @Override
  public Future<Void> close(Vertx vertx) {
    return vertx.close().eventually(() -> Future.fromCompletionStage(node.leave()));
  }
}
