package infopass.gateway;

import infopass.gateway.sandbox.SandboxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** Nodes in this process, each with a Vert.x and an Infinispan of its own, on one movable clock. */
final class LocalCluster extends ClusterUnderTest<LocalCluster.Member> {
  private final String yaml;
  private final AtomicLong ahead = new AtomicLong();

  /** One node. */
  final class Member implements Node {
    private final Gateway gateway;
    private boolean closed;

    private Member(Gateway gateway) {
      this.gateway = gateway;
    }

    HttpRequest.Builder init(String name) {
      return ClusterUnderTest.init(uri(gateway.httpPort()), name);
    }

    double metric(String sample) {
      return LocalCluster.this.metric(uri(gateway.managementPort()), sample);
    }

    /** Leaves in order. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        RunningGateway.await(gateway.stop(), PATIENCE);
      }
    }
  }

  /**
   * @param places how many nodes there can be
   * @param yaml what their configuration changes
   */
  LocalCluster(int places, String yaml, SandboxOptions options) {
    super(places, options);
    this.yaml = yaml;
  }

  /** Lets time pass for all nodes, as far as they measure it. */
  void pass(Duration time) {
    ahead.addAndGet(time.toNanos());
  }

  /** A node that is ready. */
  Member start(int place, String roles) {
    String cluster =
        """
        cluster:
          enabled: true
          roles: [%s]
          port: %s
          eventBus: {port: 0}
          hosts: %s
          secret: %s
          storeTimeout: 3s
        """
            .formatted(roles, portOf(place), hosts(), TestCluster.SECRET);
    GatewayConfig config = RunningGateway.config(yaml + cluster).sendingTo(sandbox().baseUri());
    Surroundings system = Surroundings.system();
    Surroundings world =
        new Surroundings(system.clock(), () -> System.nanoTime() + ahead.get(), system.random());
    try {
      ClusterWiring wiring = ClusterWiring.join(config, world);
      Gateway gateway =
          new Gateway(
              config,
              wiring.vertx(),
              world,
              Main.eventLoops(),
              Optional.empty(),
              wiring,
              UnaryOperator.identity());
      RunningGateway.await(gateway.start(), PATIENCE);
      return added(new Member(gateway));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI uri(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }
}
