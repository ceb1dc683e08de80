package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus that scrapes a gateway under load answers everything the dashboard asks. */
@Timeout(90)
class DashboardIT {
  private static final String JOB = "infopass-gateway";
  private static final String YAML =
      """
      infopass:
        retry: {backoff: {initial: 1ms, max: 2ms}, budget: {minPerSecond: 1000}}
        circuitBreaker: {failureRate: 1}
      """;

  /** What the people behind the panels do: links, refusals, failures, repetitions. */
  private static final List<String> SCENARIOS =
      List.of("Test Kumar", "Flaky 1 500", "Reject 0x0422", "Malformed", "WrongHost", "Expiry 5");

  @Test
  void everyQueryIsAnsweredWithNumbers(@TempDir Path folder) throws Exception {
    PrometheusServer.assumeInstalled();
    try (RunningGateway gateway = RunningGateway.start(YAML);
        PrometheusServer prometheus =
            PrometheusServer.start(folder, Map.of(JOB, gateway.managementPort()))) {
      // Given
      JsonObject dashboard =
          new JsonObject(Files.readString(Path.of("conf/grafana/dashboard.json")));
      Map<String, String> variables = variables(prometheus, dashboard);
      assertEquals(JOB, variables.get("job"));
      List<String> queries = new ArrayList<>();
      expressions(dashboard.getJsonArray("panels"), queries);
      queries.replaceAll(query -> substituted(query, variables));
      assertTrue(queries.size() > 40, queries::toString);

      // When, then
      List<String> unanswered = new ArrayList<>(queries);
      try {
        PrometheusServer.eventually(
            Duration.ofSeconds(40),
            () -> {
              load(gateway);
              unanswered.removeIf(query -> hasNumbers(prometheus.query(query)));
              return Optional.of(unanswered).filter(List::isEmpty);
            });
      } catch (TimeoutException late) {
        assertEquals(List.of(), unanswered, "no series");
      }
    }
  }

  @Test
  void promtoolFindsNothingToSayUnderLoad(@TempDir Path folder) throws Exception {
    PrometheusServer.assumeInstalled();
    try (RunningGateway gateway = RunningGateway.start(YAML)) {
      // Given
      load(gateway);
      CompletableFuture<HttpResponse<String>> underWay =
          gateway.sendAsync(gateway.init(RunningGateway.body("Slow 2000")));
      List<CompletableFuture<HttpResponse<String>>> others = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        others.add(gateway.sendAsync(gateway.init(RunningGateway.SEED)));
      }

      // When
      String metrics = gateway.getManagement("/metrics").body();

      // Then
      assertTrue(!underWay.isDone(), "measured too late");
      assertTrue(Samples.of(metrics).value("gateway_inits_in_flight") >= 1);
      assertEquals("", checked(folder, metrics));
      for (CompletableFuture<HttpResponse<String>> other : others) {
        assertEquals(200, other.get(20, TimeUnit.SECONDS).statusCode());
      }
      assertEquals(200, underWay.get(20, TimeUnit.SECONDS).statusCode());
    }
  }

  private static String checked(Path folder, String metrics) throws Exception {
    Path said = folder.resolve("said");
    java.lang.Process promtool =
        new ProcessBuilder("/usr/bin/promtool", "check", "metrics")
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try (OutputStream in = promtool.getOutputStream()) {
      in.write(metrics.getBytes(StandardCharsets.UTF_8));
    }
    assertTrue(promtool.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, promtool.exitValue(), Files.readString(said));
    return Files.readString(said);
  }

  /** One of everything, and a collection of garbage, which is measured too. */
  private static void load(RunningGateway gateway) {
    for (String scenario : SCENARIOS) {
      gateway.initFor(scenario);
    }
    HttpRequest.Builder repeated =
        gateway.init(RunningGateway.SEED).header("Idempotency-Key", "the-same");
    gateway.send(repeated);
    gateway.get("/problems/circuit-open");
    System.gc();
  }

  /** As Grafana finds them: each by its query, "All" as a choice between all values. */
  private static Map<String, String> variables(PrometheusServer prometheus, JsonObject dashboard)
      throws Exception {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("__rate_interval", "5s");
    Pattern asked = Pattern.compile("label_values\\((.+), (\\w+)\\)");
    for (Object each : dashboard.getJsonObject("templating").getJsonArray("list")) {
      JsonObject variable = (JsonObject) each;
      if (variable.getString("type").equals("query")) {
        Matcher query = asked.matcher(variable.getJsonObject("query").getString("query"));
        assertTrue(query.matches(), variable::encode);
        String selector = substituted(query.group(1), values);
        List<String> found =
            PrometheusServer.eventually(
                Duration.ofSeconds(20),
                () ->
                    Optional.of(prometheus.labelValues(query.group(2), selector))
                        .filter(labels -> !labels.isEmpty()));
        values.put(variable.getString("name"), String.join("|", found));
      }
    }
    return values;
  }

  private static String substituted(String query, Map<String, String> variables) {
    String whole = query;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      whole = whole.replace('$' + variable.getKey(), variable.getValue());
    }
    assertTrue(whole.indexOf('$') < 0, whole);
    return whole;
  }

  private static void expressions(JsonArray panels, List<String> found) {
    for (Object panel : panels) {
      for (Object target : ((JsonObject) panel).getJsonArray("targets", new JsonArray())) {
        found.add(((JsonObject) target).getString("expr"));
      }
    }
  }

  /** A series of which nothing can be said yet, 0/0, is none. */
  private static boolean hasNumbers(JsonArray series) {
    return series.stream()
        .map(one -> ((JsonObject) one).getJsonArray("value").getString(1))
        .anyMatch(value -> !value.equals("NaN"));
  }
}
