package infopass.gateway;

import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Nodes in this process, each with a Vert.x and an Infinispan of its own, on one movable clock. */
final class LocalCluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Integer> ports;
  private final String yaml;
  private final Vertx vertx = Main.vertx();
  private final Sandbox sandbox;
  private final AtomicLong ahead = new AtomicLong();
  private final List<Member> members = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** One node. */
  final class Member implements AutoCloseable {
    private final Gateway gateway;
    private boolean closed;

    private Member(Gateway gateway) {
      this.gateway = gateway;
    }

    HttpRequest.Builder init(String name) {
      return HttpRequest.newBuilder(uri(gateway.httpPort(), RunningGateway.INIT))
          .timeout(PATIENCE)
          .header("Authorization", RunningGateway.basic("user", "pass"))
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(RunningGateway.body(name)));
    }

    /** One sample of its metrics; 0 where there is none. */
    double metric(String sample) {
      HttpRequest.Builder asked =
          HttpRequest.newBuilder(uri(gateway.managementPort(), "/metrics")).timeout(PATIENCE);
      return send(asked)
          .body()
          .lines()
          .filter(line -> line.startsWith(sample + ' '))
          .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
          .findFirst()
          .orElse(0);
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
    this.ports = FreePort.pairs(places);
    this.yaml = yaml;
    this.sandbox = RunningGateway.await(new Sandbox(vertx, options).start());
  }

  Sandbox sandbox() {
    return sandbox;
  }

  /** Where a node takes the cluster's own traffic. */
  int portOf(int place) {
    return ports.get(place);
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
          port: %d
          eventBus: {port: 0}
          hosts: %s
          secret: %s
          storeTimeout: 3s
        """
            .formatted(roles, ports.get(place), hosts(), TestCluster.SECRET);
    GatewayConfig config = RunningGateway.config(yaml + cluster).sendingTo(sandbox.baseUri());
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
      Member member = new Member(gateway);
      members.add(member);
      return member;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> hosts() {
    return ports.stream().map(port -> "127.0.0.1:" + port).toList();
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Waits until something holds, looking again after a moment each time. */
  void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + PATIENCE + ": " + what);
      }
      RunningGateway.await(vertx.timer(20, TimeUnit.MILLISECONDS));
    }
  }

  @Override
  public void close() {
    members.forEach(Member::close);
    RunningGateway.await(vertx.close());
  }
}
