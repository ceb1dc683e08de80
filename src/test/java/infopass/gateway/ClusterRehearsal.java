package infopass.gateway;

import infopass.gateway.sandbox.Journal;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * What takes minutes with three nodes as processes of their own on loopback: 1,000 duplicates, a
 * node that is killed, a quota, a rolling restart, what it costs. Run on demand, see the document
 * on the cluster.
 */
public final class ClusterRehearsal {
  private static final String CASE = System.getProperty("case", "duplicates");
  private static final String KEYS = "countdown: {signingKeys: [%s]}\n".formatted("k".repeat(32));

  private ClusterRehearsal() {}

  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("cluster");
    switch (CASE) {
      case "duplicates" -> duplicates(folder);
      case "kill" -> kill(folder, "http, infopass");
      case "killClient" -> killClient(folder);
      case "quota" -> quota(folder);
      case "rolling" -> rolling(folder);
      case "cost" -> cost(folder);
      default -> throw new IllegalArgumentException(CASE);
    }
    System.exit(0);
  }

  private static List<TestCluster.Member> nodes(TestCluster cluster, String... roles) {
    List<TestCluster.Member> nodes = new ArrayList<>();
    for (String role : roles) {
      nodes.add(cluster.start(nodes.size(), role).awaitReady());
    }
    cluster.untilAllSee(roles.length, nodes.toArray(TestCluster.Member[]::new));
    return nodes;
  }

  private static double sum(List<TestCluster.Member> nodes, String sample) {
    return nodes.stream().mapToDouble(node -> node.metric(sample)).sum();
  }

  /** How often the partner was asked, by correlation id. */
  private static Map<String, Integer> calls(TestCluster cluster) {
    Map<String, Integer> calls = new HashMap<>();
    cluster.sandbox().journal().entries().stream()
        .filter(entry -> entry.correlationId() != null)
        .forEach(entry -> calls.merge(entry.correlationId(), 1, Integer::sum));
    return calls;
  }

  private static void duplicates(Path folder) {
    SandboxOptions options = SandboxOptions.defaults().withLatency(Duration.ofMillis(500));
    try (TestCluster cluster = new TestCluster(folder, 3, KEYS, options)) {
      List<TestCluster.Member> nodes =
          nodes(cluster, "http, infopass", "http, infopass", "http, infopass");
      for (int round = 1; round <= 3; round++) {
        String key = "round-" + round;
        int before = cluster.sandbox().journal().entries().size();
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
          all.add(
              untilAnswered(
                  cluster,
                  nodes
                      .get(i % 3)
                      .init("Test Kumar")
                      .header("Idempotency-Key", key)
                      .header("Prefer", "wait=20"),
                  5));
        }
        Map<Integer, Long> statuses = new HashMap<>();
        Set<String> links = new TreeSet<>();
        for (CompletableFuture<HttpResponse<String>> one : all) {
          HttpResponse<String> answer = one.orTimeout(90, TimeUnit.SECONDS).join();
          statuses.merge(answer.statusCode(), 1L, Long::sum);
          JsonObject data = new JsonObject(answer.body()).getJsonObject("data");
          if (data != null) {
            links.add(data.getString("clientId"));
          }
        }
        System.out.printf(
            "1,000 duplicates over 3 nodes: answers %s, links %s, partner calls %s%n",
            statuses, links.size(), cluster.sandbox().journal().entries().size() - before);
      }
    }
  }

  /**
   * All three take requests; one is killed. Each request is repeated with its key until answered.
   */
  private static void kill(Path folder, String roles) {
    SandboxOptions options = SandboxOptions.defaults().withLatency(Duration.ofMillis(200));
    try (TestCluster cluster = new TestCluster(folder, 3, KEYS, options)) {
      List<TestCluster.Member> nodes =
          new CopyOnWriteArrayList<>(nodes(cluster, roles, roles, roles));
      List<TestCluster.Member> stay = List.copyOf(nodes.subList(0, 2));
      ClusterLoad stayed = new ClusterLoad(cluster::sendAsync);
      stayed.run(
          40,
          Duration.ofSeconds(20),
          (n, attempt) ->
              stay.get((int) (n % 2))
                  .init("Test Kumar")
                  .header("X-Correlation-Id", "s" + n)
                  .header("Idempotency-Key", "s" + n));
      Map<String, Integer> repeated = new HashMap<>();
      ClusterLoad killed = new ClusterLoad(r -> persistent(cluster, r));
      killed.run(
          20,
          Duration.ofSeconds(20),
          (n, attempt) ->
              nodes
                  .get(attempt == 0 && nodes.size() > 2 ? 2 : (int) (n % 2))
                  .init("Test Kumar")
                  .header("X-Correlation-Id", "k" + n)
                  .header("Prefer", "wait=20")
                  .header("Idempotency-Key", "k" + n));
      RunningGateway.await(cluster.vertx().timer(8, TimeUnit.SECONDS));
      Instant at = Instant.now();
      nodes.remove(2).process().kill();
      cluster.untilAllSee(2, stay.toArray(TestCluster.Member[]::new));
      System.out.printf("the others knew after %s ms%n", since(at));
      System.out.println("to the two others: " + stayed.scores());
      System.out.println("to the killed, repeated with the key elsewhere: " + killed.scores());
      calls(cluster).forEach((id, count) -> repeated.merge("calls " + count, 1, Integer::sum));
      System.out.println("partner calls per key: " + repeated);
      System.out.printf(
          "counted as possible duplicates: %.0f by key, %.0f by retry%n",
          sum(stay, "idempotency_possible_duplicates_total"),
          sum(stay, "infopass_possible_duplicates_total"));
    }
  }

  /** A thousand connections at once are more than some accept queues hold. */
  private static CompletableFuture<HttpResponse<String>> untilAnswered(
      TestCluster cluster, HttpRequest.Builder request, int tries) {
    return cluster
        .sendAsync(request)
        .handle(
            (answer, failed) ->
                failed == null || tries == 0
                    ? CompletableFuture.completedFuture(answer)
                    : untilAnswered(cluster, request, tries - 1))
        .thenCompose(next -> next);
  }

  /** A connection that is lost is tried again, as a client with a key does. */
  private static CompletableFuture<HttpResponse<String>> persistent(
      TestCluster cluster, HttpRequest.Builder request) {
    return cluster
        .sendAsync(request)
        .handle(
            (answer, failed) -> {
              if (failed == null) {
                return CompletableFuture.completedFuture(answer);
              }
              return CompletableFuture.<HttpResponse<String>>failedFuture(
                  new ConnectException("again"));
            })
        .thenCompose(next -> next);
  }

  private static long since(Instant at) {
    return Duration.between(at, Instant.now()).toMillis();
  }

  private static void killClient(Path folder) {
    SandboxOptions options = SandboxOptions.defaults().withLatency(Duration.ofMillis(300));
    try (TestCluster cluster = new TestCluster(folder, 3, KEYS, options)) {
      List<TestCluster.Member> nodes = nodes(cluster, "http", "infopass", "infopass");
      ClusterLoad load = new ClusterLoad(cluster::sendAsync);
      load.run(
          40,
          Duration.ofSeconds(20),
          (n, attempt) -> nodes.get(0).init("Test Kumar").header("X-Correlation-Id", "c" + n));
      RunningGateway.await(cluster.vertx().timer(8, TimeUnit.SECONDS));
      nodes.get(2).process().kill();
      System.out.println("one of two client nodes killed: " + load.scores());
      Map<Integer, Integer> perRequest = new HashMap<>();
      calls(cluster).values().forEach(count -> perRequest.merge(count, 1, Integer::sum));
      System.out.println("partner calls per request: " + perRequest);
      System.out.printf(
          "lost %.0f, counted as possible duplicates %.0f%n",
          nodes.get(0).metric("cluster_lost_total"),
          nodes.get(0).metric("cluster_possible_duplicates_total"));
    }
  }

  private static void quota(Path folder) {
    SandboxOptions options =
        SandboxOptions.defaults()
            .withLatency(Duration.ofMillis(20))
            .withQuota(new SandboxOptions.Quota(1_000, Duration.ofSeconds(60)));
    String yaml = KEYS + "admission: {maxWaiting: 64}\n";
    try (TestCluster cluster = new TestCluster(folder, 3, yaml, options)) {
      cluster.quota(60);
      List<TestCluster.Member> nodes =
          new CopyOnWriteArrayList<>(
              nodes(cluster, "http, infopass", "http, infopass", "http, infopass"));
      Instant begun = Instant.now();
      ClusterLoad load = new ClusterLoad(cluster::sendAsync);
      load.run(
          6,
          Duration.ofSeconds(300),
          (n, attempt) -> nodes.get((int) ((n + attempt) % nodes.size())).init("Test Kumar"));
      RunningGateway.await(cluster.vertx().timer(150, TimeUnit.SECONDS), Duration.ofSeconds(170));
      Instant killedAt = Instant.now();
      nodes.remove(2).process().kill();
      System.out.println("answers: " + load.scores());
      List<Journal.Entry> calls = cluster.sandbox().journal().entries();
      report(calls, begun, killedAt);
    }
  }

  private static void report(List<Journal.Entry> calls, Instant begun, Instant killedAt) {
    List<Instant> at = calls.stream().map(Journal.Entry::at).sorted().toList();
    System.out.printf("most in any 60 s before the kill: %s%n", most(at, begun, killedAt));
    System.out.printf(
        "most in any 60 s that has the kill in it or after: %s%n",
        most(at, killedAt.minusSeconds(60), killedAt.plusSeconds(600)));
    StringBuilder tens = new StringBuilder();
    for (Instant from = killedAt.minusSeconds(60);
        from.isBefore(killedAt.plusSeconds(140));
        from = from.plusSeconds(10)) {
      Instant start = from;
      long in =
          at.stream()
              .filter(one -> !one.isBefore(start) && one.isBefore(start.plusSeconds(10)))
              .count();
      tens.append(start.equals(killedAt) ? " | " : " ").append(in);
    }
    System.out.println("calls in each 10 s, | is the kill:" + tens);
  }

  private static long most(List<Instant> at, Instant from, Instant to) {
    List<Instant> within =
        at.stream().filter(one -> one.isAfter(from) && one.isBefore(to)).toList();
    int most = 0;
    for (int i = 0, j = 0; j < within.size(); j++) {
      while (!within.get(i).plusSeconds(60).isAfter(within.get(j))) {
        i++;
      }
      most = Math.max(most, j - i + 1);
    }
    return most;
  }

  private static void rolling(Path folder) {
    SandboxOptions options = SandboxOptions.defaults().withLatency(Duration.ofMillis(100));
    String yaml = KEYS + "shutdown: {drainDelay: 2s, grace: 20s}\n";
    List<String> newer = newerBuild();
    try (TestCluster cluster = new TestCluster(folder, 3, yaml, options)) {
      List<TestCluster.Member> nodes =
          new CopyOnWriteArrayList<>(nodes(cluster, "http", "http, infopass", "infopass"));
      boolean[] out = new boolean[3];
      ClusterLoad load = new ClusterLoad(cluster::sendAsync);
      load.run(
          30,
          Duration.ofSeconds(Integer.getInteger("seconds", 150)),
          (n, attempt) -> {
            int place = (int) ((n + attempt) % 2);
            return nodes.get(out[place] ? 1 - place : place).init("Test Kumar");
          });
      for (int place = 0; place < 3; place++) {
        RunningGateway.await(cluster.vertx().timer(3, TimeUnit.SECONDS));
        TestCluster.Member old = nodes.get(place);
        old.process().terminate();
        TestCluster.Member leaving = old;
        cluster.until("it is not ready", () -> leaving.health().contains("DOWN"));
        out[place] = true;
        int code = old.process().awaitExit();
        String roles = List.of("http", "http, infopass", "infopass").get(place);
        nodes.set(place, cluster.start(newer, place, roles).awaitReady());
        cluster.untilAllSee(3, nodes.toArray(TestCluster.Member[]::new));
        out[place] = false;
        System.out.printf("node %s restarted, exit code %s%n", place, code);
      }
      System.out.println("answers: " + load.scores());
      System.out.printf(
          "possible duplicates: %.0f%n", sum(nodes, "cluster_possible_duplicates_total"));
    }
  }

  /** The Java to restart nodes on; with {@code -Dnewer=JAR} another build. */
  private static List<String> newerBuild() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String jar = System.getProperty("newer", "");
    return jar.isEmpty()
        ? List.of(java, "-XX:TieredStopAtLevel=1")
        // What is appended is for this build; the configuration file comes last.
        : List.of(
            "sh",
            "-c",
            "for last; do :; done; exec " + java + " -Xmx128m -jar " + jar + " --conf \"$last\"",
            "sh");
  }

  /** CPU of one node for each request, cluster off and on, without keys and with them. */
  private static void cost(Path folder) {
    SandboxOptions options = SandboxOptions.defaults();
    try (TestCluster cluster = new TestCluster(folder, 3, KEYS, options)) {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      cluster.heap("-Xmx1g");
      TestCluster.Member off = cluster.startAlone(List.of(java), 0).awaitReady();
      TestCluster.Member on = cluster.start(List.of(java), 1, "http, infopass").awaitReady();
      for (int round = 0; round < WARM_UP + ROUNDS; round++) {
        boolean warm = round < WARM_UP;
        line(warm, "off", cpu(cluster, off, false));
        line(warm, "on, 1 node", cpu(cluster, on, false));
        line(warm, "off, keys", cpu(cluster, off, true));
        line(warm, "on, 1 node, keys", cpu(cluster, on, true));
      }
      idle(cluster, "off", off);
      idle(cluster, "on, 1 node", on);
      TestCluster.Member second = cluster.start(List.of(java), 2, "http, infopass").awaitReady();
      cluster.untilAllSee(2, on, second);
      for (int round = 0; round < 1 + ROUNDS; round++) {
        double other = second.metric("process_cpu_seconds_total");
        double without = cpu(cluster, on, false);
        line(round < 1, "on, 2 nodes", without);
        double with = cpu(cluster, on, true);
        line(round < 1, "on, 2 nodes, keys", with);
        double after = second.metric("process_cpu_seconds_total");
        line(round < 1, "  the idle second, both runs", (after - other) * 1e6 / (2 * COUNT));
      }
    }
  }

  private static final int COUNT = 12_000;

  /** Rounds until the compilers are done, nearly. */
  private static final int WARM_UP = 5;

  private static final int ROUNDS = 4;

  /** What a node takes when nothing is asked of it. */
  private static void idle(TestCluster cluster, String what, TestCluster.Member node) {
    double before = node.metric("process_cpu_seconds_total");
    RunningGateway.await(cluster.vertx().timer(10, TimeUnit.SECONDS));
    double took = node.metric("process_cpu_seconds_total") - before;
    System.out.printf(Locale.ROOT, "%-30s %.1f ms a second, idle%n", what, took * 100);
  }

  private static void line(boolean warm, String what, double micros) {
    if (!warm) {
      System.out.printf(Locale.ROOT, "%-30s %.0f us%n", what, micros);
    }
  }

  private static double cpu(TestCluster cluster, TestCluster.Member node, boolean keys) {
    double before = node.metric("process_cpu_seconds_total");
    String run = Long.toHexString(System.nanoTime());
    List<CompletableFuture<?>> inFlight = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      var request = node.init("Test Kumar");
      inFlight.add(cluster.sendAsync(keys ? request.header("Idempotency-Key", run + i) : request));
      if (inFlight.size() == 16) {
        inFlight.forEach(CompletableFuture::join);
        inFlight.clear();
      }
    }
    inFlight.forEach(CompletableFuture::join);
    return (node.metric("process_cpu_seconds_total") - before) * 1e6 / COUNT;
  }
}
