package infopass.gateway;

import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Places for nodes on loopback, a sandbox in this process as their partner, and who asks them. */
abstract class ClusterUnderTest<N extends ClusterUnderTest.Node> implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(90);

  /** One of them. */
  interface Node extends AutoCloseable {
    @Override
    void close();
  }

  private final List<Integer> ports;
  private final Vertx vertx = Main.vertx();
  private final Sandbox sandbox;
  private final List<N> members = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * @param places how many nodes there can be
   */
  ClusterUnderTest(int places, SandboxOptions options) {
    this.ports = FreePort.pairs(places);
    this.sandbox = RunningGateway.await(new Sandbox(vertx, options).start());
  }

  Sandbox sandbox() {
    return sandbox;
  }

  Vertx vertx() {
    return vertx;
  }

  /** It is closed with the cluster. */
  N added(N member) {
    members.add(member);
    return member;
  }

  /** Where a node takes the cluster's own traffic. */
  int portOf(int place) {
    return ports.get(place);
  }

  List<String> hosts() {
    return ports.stream().map(port -> "127.0.0.1:" + port).toList();
  }

  static HttpRequest.Builder init(URI node, String name) {
    return HttpRequest.newBuilder(node.resolve(RunningGateway.INIT))
        .timeout(PATIENCE)
        .header("Authorization", RunningGateway.basic("user", "pass"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(RunningGateway.body(name)));
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

  String get(URI uri) {
    return send(HttpRequest.newBuilder(uri).timeout(PATIENCE)).body();
  }

  /** One sample of a node's metrics; 0 where there is none. */
  double metric(URI management, String sample) {
    return get(management.resolve("/metrics"))
        .lines()
        .filter(line -> line.startsWith(sample + ' '))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
        .findFirst()
        .orElse(0);
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
    members.forEach(Node::close);
    RunningGateway.await(vertx.close());
  }
}
