package infopass.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.util.List;
import java.util.stream.Collectors;
import org.infinispan.commons.dataconversion.MediaType;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;
import org.infinispan.configuration.parsing.ParserRegistry;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.remoting.transport.Address;
import org.jgroups.conf.ClassConfigurator;

/** A clustered Vert.x with nothing of the gateway in it: another service on the same event bus. */
final class OtherService implements AutoCloseable {
  private final DefaultCacheManager manager;
  private final Vertx vertx;

  private OtherService(DefaultCacheManager manager, Vertx vertx) {
    this.manager = manager;
    this.vertx = vertx;
  }

  /**
   * Joins nodes without TLS.
   *
   * @param hosts {@code host:port} of nodes, itself included
   */
  static OtherService join(int port, List<String> hosts) {
    String xml =
        """
        <infinispan xmlns="urn:infinispan:config:15.2">
          <jgroups>
            <stack name="service" extends="tcp">
              <TCP bind_addr="127.0.0.1" bind_port="%s" port_range="0" diag.enabled="false"
                   stack.combine="COMBINE"/>
              <TCPPING initial_hosts="%s" port_range="0"
                       stack.combine="REPLACE" stack.position="MPING"/>
              <FD_SOCK2 bind_addr="127.0.0.1" offset="1" port_range="0" stack.combine="COMBINE"/>
            </stack>
          </jgroups>
          <cache-container shutdown-hook="DONT_REGISTER">
            <transport stack="service" cluster="infopass-gateway" node-name="service"/>
            <replicated-cache name="__vertx.subs"/>
            <replicated-cache name="__vertx.haInfo"/>
            <replicated-cache name="__vertx.nodeInfo"/>
            <distributed-cache-configuration name="__vertx.distributed.cache.configuration"/>
          </cache-container>
        </infinispan>
        """
            .formatted(
                port,
                hosts.stream()
                    .map(at -> at.replaceFirst(":([0-9]+)$", "[$1]"))
                    .collect(Collectors.joining(",")));
    ConfigurationBuilderHolder holder =
        new ParserRegistry(ClassConfigurator.class.getClassLoader())
            .parse(xml, MediaType.APPLICATION_XML);
    DefaultCacheManager manager = new DefaultCacheManager(holder, true);
    EventBusOptions bus = new EventBusOptions().setHost("127.0.0.1").setPort(0);
    Vertx vertx =
        RunningGateway.await(
            Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(bus))
                .withClusterManager(new Manager(manager))
                .buildClustered());
    return new OtherService(manager, vertx);
  }

  Vertx vertx() {
    return vertx;
  }

  @Override
  public void close() {
    RunningGateway.await(vertx.close());
    manager.stop();
  }

  /** Vert.x' own, which does not find the members of this Infinispan by itself. */
  private static final class Manager extends InfinispanClusterManager {
    private final DefaultCacheManager manager;

    Manager(DefaultCacheManager manager) {
      super(manager);
      this.manager = manager;
    }

    @Override
    public List<String> getNodes() {
      return manager.getMembers().stream().map(Address::toString).toList();
    }

    @Override
    public String clusterHost() {
      return "127.0.0.1";
    }

    @Override
    public String clusterPublicHost() {
      return "127.0.0.1";
    }
  }
}
