package infopass.gateway;

import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A hundred thousand broken requests to a gateway and its sandbox in this process, Netty following
 * every buffer and the log at its finest. Run on demand, see the robustness document.
 */
public final class FuzzedRequestsRehearsal {
  private static final long SEED = Long.getLong("rehearsal.seed", 1);
  private static final int REQUESTS = Integer.getInteger("rehearsal.requests", 100_000);

  /** Beyond every deadline of the gateway. */
  private static final Duration ALL_CLOSED = Duration.ofSeconds(60);

  private static final Duration FOR_EACH = Duration.ofMillis(50);

  /** Deadlines short enough that thousands of connections can be left to them. */
  private static final String YAML =
      """
      http: {host: 127.0.0.1, port: 0, idleTimeout: 4s, requestTimeout: 1s}
      infopass:
        timeouts: {attempt: 1s, overall: 2s}
        retry: {maxAttempts: 1}
        circuitBreaker: {minimumCalls: 1000000}
      logging: {accessLog: sampled}
      """;

  private FuzzedRequestsRehearsal() {}

  /**
   * How it went.
   *
   * @param complaints what should not have been; empty where all was well
   * @param statuses how many answers had each status
   * @param withoutAnswer connections that ended without one
   * @param longestMillis the longest that a connection lasted
   */
  record Report(
      List<String> complaints,
      int connections,
      Map<String, Long> statuses,
      long withoutAnswer,
      long longestMillis,
      long logLines) {}

  public static void main(String[] args) throws Exception {
    System.setProperty(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    long begun = System.nanoTime();
    Report report = rehearse(SEED, REQUESTS);
    System.out.printf(
        "%,d requests on %,d connections in %s s, seed %s%n",
        REQUESTS,
        report.connections(),
        Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
        SEED);
    System.out.println("answers: " + report.statuses());
    System.out.println("connections closed without an answer: " + report.withoutAnswer());
    System.out.println("the longest connection: " + report.longestMillis() + " ms");
    System.out.println("log lines looked at: " + report.logLines());
    System.out.println("complaints: " + report.complaints());
    System.exit(report.complaints().isEmpty() ? 0 : 1);
  }

  static Report rehearse(long seed, int requests) throws Exception {
    List<String> complaints = new ArrayList<>();
    FuzzedTraffic traffic;
    LogWatch log = new LogWatch(FuzzedRequestsRehearsal::forbidden);
    try (log;
        RunningGateway gateway = RunningGateway.start(YAML)) {
      Witness witness = new Witness(gateway);
      traffic = new FuzzedTraffic(gateway.port(), seed, requests);
      traffic.run(120 + FOR_EACH.multipliedBy(requests).toSeconds());
      if (gateway.initFor("Test Kumar").statusCode() != 200) {
        complaints.add("the gateway does not answer any more");
      }
      collectGarbage(gateway);
      witness.uncaught().stream().limit(5).forEach(e -> complaints.add("uncaught: " + e));
      if (!allCloses(gateway)) {
        complaints.add("connections are left open");
      }
    }
    complaints.addAll(traffic.complaints());
    log.kept().forEach(line -> complaints.add("log: " + line));
    return new Report(
        complaints,
        traffic.connections(),
        traffic.statuses(),
        traffic.withoutAnswer(),
        traffic.longestMillis(),
        log.seen());
  }

  private static boolean forbidden(String line) {
    return line.contains("LEAK:") || FuzzedRequests.MARKERS.stream().anyMatch(line::contains);
  }

  /** A leak is told when the next buffer is taken after its own was collected. */
  private static void collectGarbage(RunningGateway gateway) {
    for (int i = 0; i < 3; i++) {
      System.gc();
      for (int n = 0; n < 20; n++) {
        gateway.get("/problems/not-found");
      }
    }
  }

  private static boolean allCloses(RunningGateway gateway) {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < ALL_CLOSED.toNanos()) {
      Samples samples = Samples.of(gateway.getManagement("/metrics").body());
      if (samples.value("http_server_open_connections") == 0
          && samples.value("gateway_inits_in_flight") == 0) {
        return true;
      }
    }
    return false;
  }
}
