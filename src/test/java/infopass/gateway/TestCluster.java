package infopass.gateway;

import infopass.gateway.cluster.ClusterConfig;
import infopass.gateway.cluster.ClusterNode;
import infopass.gateway.config.Secret;
import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Nodes as processes of their own on loopback, with a sandbox in this one. */
final class TestCluster implements AutoCloseable {
  static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Path folder;
  private final TestCertificates.Made certificate;
  private final List<Integer> ports;
  private final String yaml;
  private final Vertx vertx = Main.vertx();
  private final Sandbox sandbox;
  private String quota = "";
  private String heap = "-Xmx128m";
  private String store = "storeTimeout: 3s";
  private final List<Member> members = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** One node. */
  final class Member implements AutoCloseable {
    private final ChildProcess process;
    private ChildProcess.Ready ready;

    private Member(ChildProcess process) {
      this.process = process;
    }

    Member awaitReady() {
      ready = process.awaitReady();
      return this;
    }

    ChildProcess process() {
      return process;
    }

    URI http() {
      return ready.http();
    }

    /** One sample of its metrics; 0 where there is none. */
    double metric(String sample) {
      return metrics()
          .lines()
          .filter(line -> line.startsWith(sample + ' '))
          .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
          .findFirst()
          .orElse(0);
    }

    String metrics() {
      return get(ready.management().resolve("/metrics"));
    }

    String health() {
      return get(ready.management().resolve("/health/ready"));
    }

    HttpRequest.Builder init(String name) {
      return HttpRequest.newBuilder(http().resolve(RunningGateway.INIT))
          .timeout(PATIENCE)
          .header("Authorization", RunningGateway.basic("user", "pass"))
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(RunningGateway.body(name)));
    }

    @Override
    public void close() {
      process.close();
    }
  }

  /**
   * @param places how many nodes there can be
   * @param yaml what their configuration changes
   */
  TestCluster(Path folder, int places, String yaml, SandboxOptions options) {
    this.folder = folder;
    this.yaml = yaml;
    this.certificate = new TestCertificates(folder).loopback("node");
    this.ports = FreePort.pairs(places);
    this.sandbox = RunningGateway.await(new Sandbox(vertx, options).start());
  }

  Sandbox sandbox() {
    return sandbox;
  }

  Vertx vertx() {
    return vertx;
  }

  /** Starts a node on the Java that runs this. */
  Member start(int place, String roles) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return start(List.of(java.toString(), "-XX:TieredStopAtLevel=1"), place, roles);
  }

  /**
   * @param java the Java to run it on, and what has to stand before it
   */
  Member start(List<String> java, int place, String roles) {
    return start(java, null, place, roles);
  }

  /** Starts a node of another build. */
  Member start(OtherBuild build, int place, String roles) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = List.of(java.toString(), "-XX:TieredStopAtLevel=1");
    return start(command, build.classes(), place, roles);
  }

  private Member start(List<String> java, Path before, int place, String roles) {
    Path file = folder.resolve("node-" + place + ".yaml");
    try {
      Files.writeString(file, yaml(place, roles));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return started(java, before, file);
  }

  private Member started(List<String> java, Path before, Path file) {
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of(heap, "-XX:+UseSerialGC"));
    Member member =
        new Member(
            ChildProcess.start(command, before, folder, Map.of(), "--conf", file.toString()));
    members.add(member);
    return member;
  }

  /** The same without the cluster. */
  Member startAlone(List<String> java, int place) {
    Path file = folder.resolve("alone-" + place + ".yaml");
    try {
      Files.writeString(
          file, yaml(place, "http, infopass").replace("enabled: true", "enabled: false"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return started(java, null, file);
  }

  /** For all nodes that are started from now on. */
  void heap(String flag) {
    heap = flag;
  }

  /** How all nodes that are started from now on use the shared memory. */
  void store(String settings) {
    store = settings;
  }

  /** What the partner allows in a minute is known to all nodes that are started from now on. */
  void quota(int requests) {
    quota = "quota: {requests: %d, per: 60s}".formatted(requests);
  }

  private String yaml(int place, String roles) {
    return """
        http: {host: 127.0.0.1, port: 0}
        management: {port: 0}
        infopass:
          baseUrl: %s
          username: sandbox
          password: sandbox
          %s
        init: {allowMasked: true}
        cluster:
          enabled: true
          roles: [%s]
          port: %d
          eventBus: {port: 0}
          hosts: %s
          secret: %s
          tls: {certificate: %s, key: %s, authority: %s}
          %s
        """
            .formatted(
                sandbox.baseUri(),
                quota,
                roles,
                ports.get(place),
                hosts(),
                SECRET,
                certificate.certificate(),
                certificate.key(),
                certificate.certificate(),
                store)
        + yaml;
  }

  /** This process as a member that is no gateway: another service. */
  ClusterNode join(int place) {
    String file = certificate.certificate().toString();
    ClusterConfig.Tls tls = new ClusterConfig.Tls(file, certificate.key().toString(), file);
    ClusterConfig config =
        new ClusterConfig(
            true,
            EnumSet.allOf(ClusterConfig.Role.class),
            "infopass-gateway",
            "127.0.0.1",
            ports.get(place),
            new ClusterConfig.EventBus("", 0, ""),
            hosts(),
            "",
            Secret.of(SECRET),
            tls,
            false,
            Duration.ofSeconds(3),
            ClusterConfig.StoreFailure.CLOSED);
    try {
      return ClusterNode.join(config, 0, Main.vertxOptions(), Clock.systemUTC(), System::nanoTime);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a node takes the cluster's own traffic. */
  int portOf(int place) {
    return ports.get(place);
  }

  private List<String> hosts() {
    return ports.stream().map(port -> "127.0.0.1:" + port).toList();
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

  private String get(URI uri) {
    return send(HttpRequest.newBuilder(uri).timeout(PATIENCE)).body();
  }

  /** Waits until something holds, looking again after a moment each time. */
  void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + PATIENCE + ": " + what);
      }
      RunningGateway.await(vertx.timer(50, TimeUnit.MILLISECONDS));
    }
  }

  /** Waits until every one of these sees that many. */
  void untilAllSee(int nodes, Member... all) {
    until(nodes + " nodes", () -> List.of(all).stream().allMatch(n -> sees(n) == nodes));
  }

  private static double sees(Member member) {
    return member.metric("cluster_nodes");
  }

  /** Correlation ids of what the partner was asked. */
  Set<String> askedOfThePartner() {
    Set<String> ids = new HashSet<>();
    sandbox.journal().entries().forEach(entry -> ids.add(entry.correlationId()));
    return ids;
  }

  @Override
  public void close() {
    members.forEach(Member::close);
    RunningGateway.await(vertx.close());
  }
}
