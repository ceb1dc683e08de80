package infopass.gateway;

import infopass.gateway.bus.InitBus;
import infopass.gateway.cluster.ClusterConfig.Role;
import infopass.gateway.digilocker.SessionWatch;
import infopass.gateway.idempotency.IdempotencyStore;
import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.metrics.Metrics;
import infopass.gateway.resilience.Pacer;
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

  /** What is known of requests with a key. */
  default IdempotencyStore repetitions(GatewayConfig config, Surroundings world) {
    return new IdempotencyStore(config.idempotency().maxEntries(), world.clock());
  }

  /** The sessions of one event loop, watched so that they are not lost with the process. */
  default SessionWatch watched(SessionWatch own) {
    return own;
  }

  /** Whether it is known that nobody listens at an address of the event bus. */
  default boolean quiet(String address) {
    return false;
  }

  /** Opens what other processes reach, once the partner side is there. */
  default Future<Void> open(Shared shared, Surroundings world) {
    return Future.succeededFuture();
  }

  /** The partner's quota has changed. */
  default void quota(InfopassConfig.Quota quota, Pacer pacer) {
    pacer.quota(quota.requests(), quota.per());
  }

  /** More that has to hold for a process that should be sent requests. */
  default Map<String, BooleanSupplier> readiness() {
    return Map.of();
  }

  /** Shows what there is between the processes. */
  default void show(Metrics metrics) {}

  /** Ends everything, as the last step. */
  default Future<Void> close(Vertx vertx) {
    return vertx.close();
  }
}
