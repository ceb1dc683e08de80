package infopass.gateway.cluster;

import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;

/**
 * The event bus between nodes: where it listens, and that both ends of a connection show a
 * certificate of the cluster's own authority.
 */
final class NodeBus {
  private NodeBus() {}

  static EventBusOptions options(ClusterConfig config) {
    ClusterConfig.EventBus bus = config.eventBus();
    EventBusOptions options =
        new EventBusOptions()
            .setHost(bus.host().isEmpty() ? config.host() : bus.host())
            .setPort(bus.port())
            .setConnectTimeout(1_000)
            .setClusterPingInterval(5_000)
            .setClusterPingReplyInterval(5_000)
            .setTrustAll(false);
    if (!bus.publicHost().isEmpty()) {
      options.setClusterPublicHost(bus.publicHost());
    }
    if (config.tls().complete()) {
      options
          .setSsl(true)
          .setClientAuth(ClientAuth.REQUIRED)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(config.tls().certificate())
                  .setKeyPath(config.tls().key()))
          .setTrustOptions(new PemTrustOptions().addCertPath(config.tls().authority()));
    }
    return options;
  }
}
