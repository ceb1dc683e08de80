package infopass.gateway;

import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/**
 * Three nodes in network namespaces of their own, one of which cannot reach the others for a while,
 * nor they it; callers and the partner reach all. Every key is used at two nodes at once, one on
 * each side. Needs Linux, iproute2 and root. Run on demand, see the document on the cluster.
 */
public final class ClusterCutRehearsal {
  private static final String NET = "10.77.0.";
  private static final String NOWHERE = "02:00:00:00:00:0";
  private static final int CUT_AT = 15;
  private static final int HEALED_AT = 40;
  private static final int SECONDS = 70;

  private final Path folder = Files.createTempDirectory("cut");
  private final Vertx vertx = Main.vertx();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<ChildProcess.Ready> nodes = new ArrayList<>();
  private final List<ChildProcess> processes = new ArrayList<>();

  private ClusterCutRehearsal() throws IOException {}

  public static void main(String[] args) throws Exception {
    if (run("id", "-u") != 0 || run("ip", "netns", "list") != 0) {
      System.out.println("SKIPPED: network namespaces need Linux, iproute2 and root");
      return;
    }
    ClusterCutRehearsal rehearsal = new ClusterCutRehearsal();
    try {
      rehearsal.net();
      rehearsal.play();
    } finally {
      rehearsal.processes.forEach(ChildProcess::close);
      rehearsal.noNet();
    }
    System.exit(0);
  }

  private void net() throws Exception {
    noNet();
    must("ip", "link", "add", "igbr", "type", "bridge");
    must("ip", "addr", "add", NET + "254/24", "dev", "igbr");
    must("ip", "link", "set", "igbr", "up");
    for (int i = 1; i <= 3; i++) {
      String space = "ig" + i;
      must("ip", "netns", "add", space);
      must("ip", "link", "add", "igv" + i, "type", "veth", "peer", "name", "igp" + i);
      must("ip", "link", "set", "igp" + i, "netns", space);
      must("ip", "link", "set", "igv" + i, "master", "igbr");
      must("ip", "link", "set", "igv" + i, "up");
      in(space, "addr", "add", NET + i + "/24", "dev", "igp" + i);
      in(space, "link", "set", "igp" + i, "up");
      in(space, "link", "set", "lo", "up");
    }
  }

  private void noNet() throws Exception {
    for (int i = 1; i <= 3; i++) {
      run("ip", "netns", "del", "ig" + i);
    }
    run("ip", "link", "del", "igbr");
  }

  /** Frames between the third node and the others go to a card that nobody has, or again do not. */
  private static void cut(boolean cut) throws Exception {
    for (int other = 1; other <= 2; other++) {
      neighbour(3, other, cut);
      neighbour(other, 3, cut);
    }
  }

  private static void neighbour(int of, int other, boolean cut) throws Exception {
    String device = "igp" + of;
    if (cut) {
      in(
          "ig" + of,
          "neigh",
          "replace",
          NET + other,
          "lladdr",
          NOWHERE + other,
          "dev",
          device,
          "nud",
          "permanent");
    } else {
      in("ig" + of, "neigh", "del", NET + other, "dev", device);
    }
  }

  private void play() throws Exception {
    Sandbox sandbox =
        RunningGateway.await(
            new Sandbox(
                    vertx,
                    SandboxOptions.defaults()
                        .withHost(NET + "254")
                        .withLatency(Duration.ofMillis(100)))
                .start());
    for (int i = 1; i <= 3; i++) {
      processes.add(node(i, sandbox.baseUri()));
      nodes.add(processes.get(i - 1).awaitReady());
    }
    until(() -> seen(0) == 3 && seen(1) == 3 && seen(2) == 3);
    Map<String, Map<String, Integer>> scores = new ConcurrentSkipListMap<>();
    List<CompletableFuture<?>> all = new ArrayList<>();
    long begun = System.nanoTime();
    long healed = 0;
    long whole = 0;
    for (int n = 0; n < SECONDS * 10; n++) {
      pause(begun + n * 100_000_000L - System.nanoTime());
      int second = n / 10;
      if (n == CUT_AT * 10) {
        cut(true);
      } else if (n == HEALED_AT * 10) {
        cut(false);
        healed = System.nanoTime();
      }
      if (healed > 0 && whole == 0 && n % 5 == 0 && seen(0) == 3 && seen(2) == 3) {
        whole = System.nanoTime();
      }
      String key = "key-" + n;
      all.add(ask(0, key, phase(second), scores));
      all.add(ask(2, key, phase(second), scores));
    }
    for (CompletableFuture<?> one : all) {
      one.handle((done, failed) -> null).get(90, TimeUnit.SECONDS);
    }
    scores.forEach((phase, answers) -> System.out.println(phase + ": " + new TreeMap<>(answers)));
    System.out.printf("whole again %s ms after the healing%n", (whole - healed) / 1_000_000);
    Map<String, Integer> perKey = new HashMap<>();
    sandbox.journal().entries().forEach(one -> perKey.merge(one.correlationId(), 1, Integer::sum));
    Map<Integer, Integer> calls = new TreeMap<>();
    perKey.values().forEach(count -> calls.merge(count, 1, Integer::sum));
    System.out.println("keys by number of partner calls: " + calls);
    for (int i = 0; i < 3; i++) {
      System.out.printf(
          "node %s: possible duplicates counted %.0f, store late %.0f, failed %.0f%n",
          i + 1,
          metric(i, "idempotency_possible_duplicates_total"),
          metric(i, "cluster_store_operations_total{outcome=\"late\"}"),
          metric(i, "cluster_store_operations_total{outcome=\"failed\"}"));
    }
  }

  private static String phase(int second) {
    if (second < CUT_AT) {
      return "1 before";
    }
    if (second < CUT_AT + 5) {
      return "2 first 5 s of the cut";
    }
    if (second < HEALED_AT) {
      return "3 cut";
    }
    return second < HEALED_AT + 10 ? "4 first 10 s of the healing" : "5 after";
  }

  private CompletableFuture<?> ask(
      int node, String key, String phase, Map<String, Map<String, Integer>> scores) {
    HttpRequest request =
        HttpRequest.newBuilder(nodes.get(node).http().resolve(RunningGateway.INIT))
            .timeout(Duration.ofSeconds(40))
            .header("Authorization", RunningGateway.basic("user", "pass"))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .header("X-Correlation-Id", key)
            .POST(HttpRequest.BodyPublishers.ofString(RunningGateway.body("Test Kumar")))
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .whenComplete(
            (answer, failed) ->
                scores
                    .computeIfAbsent(
                        phase + ", node " + (node + 1), first -> new ConcurrentSkipListMap<>())
                    .merge(
                        failed == null ? "" + answer.statusCode() : "no answer", 1, Integer::sum));
  }

  private ChildProcess node(int i, URI partner) throws IOException {
    Path file = folder.resolve("node-" + i + ".yaml");
    String host = NET + i;
    Files.writeString(
        file,
        """
        http: {host: %s, port: 8080}
        management: {host: %s, port: 9090}
        infopass: {baseUrl: "%s"}
        init: {allowMasked: true}
        countdown: {signingKeys: [%s]}
        cluster: {enabled: true, host: %s, hosts: ['%s1:7800', '%s2:7800', '%s3:7800'],
                  secret: %s, insecure: true}
        """
            .formatted(
                host, host, partner, "k".repeat(32), host, NET, NET, NET, TestCluster.SECRET));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of("ip", "netns", "exec", "ig" + i, java, "-Xmx128m", "-XX:+UseSerialGC");
    return ChildProcess.start(command, folder, Map.of(), "--conf", file.toString());
  }

  private double seen(int node) {
    return metric(node, "cluster_nodes");
  }

  private double metric(int node, String sample) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(nodes.get(node).management().resolve("/metrics")).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(sample + ' '))
          .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
          .findFirst()
          .orElse(0);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void until(java.util.function.BooleanSupplier holds) {
    for (int i = 0; i < 600 && !holds.getAsBoolean(); i++) {
      pause(100_000_000);
    }
  }

  private void pause(long nanos) {
    if (nanos > 0) {
      RunningGateway.await(vertx.timer(Math.max(1, nanos / 1_000_000), TimeUnit.MILLISECONDS));
    }
  }

  private static void in(String space, String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of("ip", "-n", space));
    all.addAll(List.of(command));
    must(all.toArray(String[]::new));
  }

  private static void must(String... command) throws Exception {
    if (run(command) != 0) {
      throw new IOException("failed: " + String.join(" ", command));
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
