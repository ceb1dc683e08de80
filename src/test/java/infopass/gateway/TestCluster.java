package infopass.gateway;

import infopass.gateway.cluster.ClusterConfig;
import infopass.gateway.cluster.ClusterNode;
import infopass.gateway.config.Secret;
import infopass.gateway.sandbox.SandboxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
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

/** Nodes as processes of their own on loopback, with a sandbox in this one. */
final class TestCluster extends ClusterUnderTest<TestCluster.Member> {
  static final String SECRET = "0123456789abcdef0123456789abcdef";

  private final Path folder;
  private final TestCertificates.Made certificate;
  private final String yaml;
  private String quota = "";
  private String heap = "-Xmx128m";
  private String store = "storeTimeout: 3s";

  /** One node. */
  final class Member implements Node {
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

    double metric(String sample) {
      return TestCluster.this.metric(ready.management(), sample);
    }

    String metrics() {
      return get(ready.management().resolve("/metrics"));
    }

    String health() {
      return get(ready.management().resolve("/health/ready"));
    }

    HttpRequest.Builder init(String name) {
      return ClusterUnderTest.init(http(), name);
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
    super(places, options);
    this.folder = folder;
    this.yaml = yaml;
    this.certificate = new TestCertificates(folder).loopback("node");
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
    return added(
        new Member(
            ChildProcess.start(command, before, folder, Map.of(), "--conf", file.toString())));
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
    quota = "quota: {requests: %s, per: 60s}".formatted(requests);
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
          port: %s
          eventBus: {port: 0}
          hosts: %s
          secret: %s
          tls: {certificate: %s, key: %s, authority: %s}
          %s
        """
            .formatted(
                sandbox().baseUri(),
                quota,
                roles,
                portOf(place),
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
            portOf(place),
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
    sandbox().journal().entries().forEach(entry -> ids.add(entry.correlationId()));
    return ids;
  }
}
