package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Dashboard, alerts and runbook name only what exists, and all that does. */
class OperatorFilesTest {
  private static final Path CONF = Path.of("conf");
  private static final Path ALERTS = CONF.resolve("prometheus/alerts.yaml");
  private static final Path PROMETHEUS = CONF.resolve("prometheus/prometheus.yaml");
  private static final Path RUNBOOK = Path.of("src/docs/operations.md");
  private static final Path CATALOGUE =
      Path.of("src/test/resources/infopass/gateway/metric-names.txt");
  private static final Path ALERTS_TEST =
      Path.of("src/test/resources/infopass/gateway/alerts-test.yaml");
  private static final Path CLUSTER_ALERTS = CONF.resolve("prometheus/cluster-alerts.yaml");
  private static final Path CLUSTER_ALERTS_TEST =
      Path.of("src/test/resources/infopass/gateway/cluster-alerts-test.yaml");
  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");

  /** Names of series in a query: of ours, or of Micrometer's binders. */
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:http|gateway|infopass|idempotency|jvm|process)_[a-z0-9_]+");

  /** Text and labels, which may look like metrics. */
  private static final Pattern NO_METRIC =
      Pattern.compile("\"[^\"]*\"|(?:by|without) \\([^)]*\\)|\\w+(?==[~\"])|\\w+(?=!=|!~)");

  @Test
  void theDashboardAsksForEveryMetricAndForNoOther() {
    // Given
    List<String> queries = new ArrayList<>();
    JsonObject dashboard = new JsonObject(text(CONF.resolve("grafana/dashboard.json")));

    // When
    expressions(dashboard, queries);

    // Then
    assertTrue(queries.size() > 40, queries.toString());
    Set<String> used = new TreeSet<>();
    queries.forEach(query -> used.addAll(metrics(query)));
    assertEquals(families().keySet(), families(used));
  }

  @Test
  void panelsHaveTheirOwnIdsAndDoNotOverlap() {
    // Given
    JsonObject dashboard = new JsonObject(text(CONF.resolve("grafana/dashboard.json")));
    Set<Integer> ids = new TreeSet<>();
    Set<String> cells = new TreeSet<>();

    // Then
    for (Object each : dashboard.getJsonArray("panels")) {
      JsonObject panel = (JsonObject) each;
      JsonObject at = panel.getJsonObject("gridPos");
      String title = panel.getString("title");
      assertTrue(ids.add(panel.getInteger("id")), title);
      assertTrue(at.getInteger("x") + at.getInteger("w") <= 24, title);
      for (int x = at.getInteger("x"); x < at.getInteger("x") + at.getInteger("w"); x++) {
        for (int y = at.getInteger("y"); y < at.getInteger("y") + at.getInteger("h"); y++) {
          assertTrue(cells.add(x + "/" + y), title);
        }
      }
    }
  }

  @Test
  void everyAlertNamesKnownMetricsItsCostAndAHeadingOfTheRunbook() {
    // Given
    Set<String> headings = headings();
    Set<String> anchors = new TreeSet<>();

    // Then
    for (Map<?, ?> rule : rules()) {
      String name = (String) rule.get("alert");
      Set<String> used = metrics((String) rule.get("expr"));
      families(used);
      assertTrue(!used.isEmpty() || name.equals("GatewayDown"), name);
      Map<?, ?> annotations = (Map<?, ?>) rule.get("annotations");
      for (String part : List.of("summary", "cost", "first")) {
        assertTrue(String.valueOf(annotations.get(part)).length() > 20, name + ' ' + part);
      }
      String[] runbook = ((String) annotations.get("runbook_url")).split("#");
      assertEquals(RUNBOOK, Path.of(runbook[0]), name);
      assertTrue(headings.contains(runbook[1]), name + ": no heading " + runbook[1]);
      assertTrue(text(RUNBOOK).contains('`' + name + '`'), name + " is not in the runbook");
      anchors.add(runbook[1]);
    }
    assertTrue(anchors.size() > 10, anchors.toString());
  }

  @Test
  void aWrongNameIsFound() {
    // When
    Set<String> used =
        metrics("sum by (job) (rate(infopass_typo_total{http_route=\"gateway_x\"}[1m]))");

    // Then
    assertEquals(Set.of("infopass_typo_total"), used);
    assertFalse(known("infopass_typo_total"));
    assertTrue(known("infopass_call_duration_seconds_bucket"));
    assertFalse(known("infopass_retries_total_bucket"));
  }

  @Test
  void prometheusLoadsTheAlertsAndScrapesTheManagementPort() {
    // Given
    Map<?, ?> prometheus = (Map<?, ?>) yaml(PROMETHEUS);

    // Then
    assertEquals(List.of("alerts.yaml", "cluster-alerts.yaml"), prometheus.get("rule_files"));
    Map<?, ?> job = (Map<?, ?>) ((List<?>) prometheus.get("scrape_configs")).get(0);
    assertEquals("infopass-gateway", job.get("job_name"));
    Map<?, ?> targets = (Map<?, ?>) ((List<?>) job.get("static_configs")).get(0);
    int port = RunningGateway.config("management: {port: 9090}").management().port();
    assertEquals(List.of("gateway:" + port), targets.get("targets"));
    assertTrue(text(ALERTS).contains("job=\"infopass-gateway\""));
  }

  @Test
  void promtoolFindsNoFault(@TempDir Path folder) {
    if (!Files.isExecutable(PROMTOOL)) {
      System.out.println("SKIPPED: no promtool is here to check the alerts");
      Assumptions.abort("no promtool");
    }
    assertEquals("", promtool(folder, "check", "rules", ALERTS.toString()));
    assertEquals("", promtool(folder, "check", "config", PROMETHEUS.toString()));
    assertEquals("", promtool(folder, "test", "rules", ALERTS_TEST.toString()));
    assertEquals("", promtool(folder, "check", "rules", CLUSTER_ALERTS.toString()));
    assertEquals("", promtool(folder, "test", "rules", CLUSTER_ALERTS_TEST.toString()));
  }

  @Test
  void everyAlertIsTriedOut() {
    // Given
    List<?> groups = (List<?>) ((Map<?, ?>) yaml(ALERTS_TEST)).get("tests");

    // When
    Set<Object> tried =
        groups.stream().map(group -> ((Map<?, ?>) group).get("name")).collect(Collectors.toSet());

    // Then
    Set<Object> expected =
        rules().stream().map(rule -> rule.get("alert")).collect(Collectors.toSet());
    expected.add("healthy");
    assertEquals(expected, tried);
  }

  /** What it says where it finds a fault. */
  private static String promtool(Path folder, String... arguments) {
    try {
      Path said = folder.resolve("said");
      List<String> command = new ArrayList<>(List.of(PROMTOOL.toString()));
      command.addAll(List.of(arguments));
      java.lang.Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      return process.waitFor() == 0 ? "" : text(said);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void expressions(Object part, List<String> found) {
    if (part instanceof JsonObject object) {
      object.forEach(
          entry -> {
            if (entry.getKey().equals("expr")) {
              found.add((String) entry.getValue());
            } else {
              expressions(entry.getValue(), found);
            }
          });
    } else if (part instanceof JsonArray array) {
      array.forEach(each -> expressions(each, found));
    }
  }

  private static Set<String> metrics(String query) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = METRIC.matcher(NO_METRIC.matcher(query).replaceAll(" "));
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }

  /** The families of these series, those of Micrometer's binders left out; all must be known. */
  private static Set<String> families(Set<String> series) {
    Set<String> ours = new TreeSet<>();
    for (String name : series) {
      if (!name.startsWith("jvm_") && !name.startsWith("process_")) {
        assertTrue(known(name), "not in the catalogue: " + name);
        boolean plain = families().containsKey(name);
        ours.add(plain ? name : name.replaceFirst("_(bucket|count|sum)$", ""));
      }
    }
    return ours;
  }

  private static boolean known(String series) {
    return families().containsKey(series)
        || "histogram".equals(families().get(series.replaceFirst("_(bucket|count|sum)$", "")));
  }

  private static Map<String, String> families() {
    return text(CATALOGUE)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" "))
        .collect(Collectors.toMap(words -> words[0], words -> words[1]));
  }

  /** As anchors, the way that Markdown is commonly shown. */
  private static Set<String> headings() {
    return text(RUNBOOK)
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static List<Map<?, ?>> rules() {
    List<Map<?, ?>> rules = new ArrayList<>();
    for (Object group : (List<?>) ((Map<?, ?>) yaml(ALERTS)).get("groups")) {
      for (Object rule : (List<?>) ((Map<?, ?>) group).get("rules")) {
        rules.add((Map<?, ?>) rule);
      }
    }
    return rules;
  }

  /** Parses one document. */
  static Object yaml(Path file) {
    return new Load(LoadSettings.builder().build()).loadFromString(text(file));
  }

  static String text(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What lies below a path of a document; fails where a step of it is missing. */
  static Map<?, ?> map(Map<?, ?> from, String... path) {
    Map<?, ?> at = from;
    for (String step : path) {
      assertTrue(at.get(step) instanceof Map, step + " in " + at.keySet());
      at = (Map<?, ?>) at.get(step);
    }
    return at;
  }
}
