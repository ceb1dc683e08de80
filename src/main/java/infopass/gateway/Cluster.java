package infopass.gateway;

import infopass.gateway.bus.InitBus;
import infopass.gateway.cluster.ClusterConfig.Role;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What a process shares with others of its kind; where it is alone, nothing. */
interface Cluster {
  /** A process of its own. */
  Cluster ALONE = new Cluster() {};

  /** Whether this process does that. */
  default boolean has(Role role) {
    return true;
  }

  /** Client instances of other processes; null where there are none. */
  default InitBus.Elsewhere partner() {
    return null;
  }

  /** Opens what other processes reach, once the partner side is there. */
  default Future<Void> open(Shared shared) {
    return Future.succeededFuture();
  }

  /** More that has to hold for a process that should be sent requests. */
  default Map<String, BooleanSupplier> readiness() {
    return Map.of();
  }

  /** Ends everything, as the last step. */
  default Future<Void> close(Vertx vertx) {
    return vertx.close();
  }
}
