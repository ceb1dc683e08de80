package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.cluster.ClusterConfig;
import infopass.gateway.cluster.ClusterConfig.Role;
import infopass.gateway.config.ConfigSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests of a cluster fit the gateway and each other. */
class ClusterFilesTest {
  private static final Path KUBERNETES = Path.of("conf/kubernetes-cluster");
  private static final Path ALERTS = Path.of("conf/prometheus/cluster-alerts.yaml");
  private static final Path ALERTS_TEST =
      Path.of("src/test/resources/infopass/gateway/cluster-alerts-test.yaml");
  private static final Pattern METRIC = Pattern.compile("cluster_[a-z_]+");
  private static final String NAME = "app.kubernetes.io/name";
  private static final String COMPONENT = "app.kubernetes.io/component";

  @TempDir private static Path folder;
  private static TestCertificates.Made made;

  @BeforeAll
  static void certificate() {
    made = new TestCertificates(folder).loopback("node");
  }

  private static Map<?, ?> manifest(String name) {
    return (Map<?, ?>) OperatorFilesTest.yaml(KUBERNETES.resolve(name + ".yaml"));
  }

  private static Map<?, ?> pod(String role) {
    return OperatorFilesTest.map(manifest(role), "spec", "template", "spec");
  }

  private static Map<?, ?> container(String role) {
    return (Map<?, ?>) ((List<?>) pod(role).get("containers")).get(0);
  }

  /** What a node of this deployment reads, with certificates that exist here. */
  private static GatewayConfig config(String role) {
    String yaml =
        ((String) OperatorFilesTest.map(manifest("configmap"), "data").get("gateway.yaml"))
            .replace("/run/cluster-tls/tls.crt", made.certificate().toString())
            .replace("/run/cluster-tls/tls.key", made.key().toString())
            .replace("/run/cluster-tls/ca.crt", made.certificate().toString());
    Map<String, String> environment = new HashMap<>();
    OperatorFilesTest.map(manifest("example/secret"), "stringData")
        .forEach((key, value) -> environment.put(key.toString(), real(value)));
    for (Object variable : (List<?>) container(role).get("env")) {
      Object value = ((Map<?, ?>) variable).get("value");
      // The one that has none is the pod's own address.
      environment.put(
          (String) ((Map<?, ?>) variable).get("name"), value == null ? "10.1.2.3" : "" + value);
    }
    return ConfigLoader.load(ConfigSource.text("configmap.yaml", yaml), environment, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "infopass"})
  void aNodeTakesPartWithTheRoleOfItsDeployment(String role) {
    // When
    ClusterConfig cluster = config(role).cluster();

    // Then
    assertTrue(cluster.enabled());
    assertEquals(Set.of(Role.valueOf(role.toUpperCase(Locale.ROOT))), cluster.roles());
    assertEquals("10.1.2.3", cluster.host());
    assertEquals(
        OperatorFilesTest.map(manifest("nodes"), "metadata").get("name"), cluster.dnsQuery());
    assertEquals(List.of(), cluster.hosts());
    assertTrue(!cluster.insecure() && !cluster.tls().certificate().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "infopass"})
  void itsPortsAreThoseOfTheConfigurationAndOpenToTheOthers(String role) {
    // Given
    GatewayConfig config = config(role);
    int first = config.cluster().port();
    Set<Object> expected = new LinkedHashSet<>();
    if (config.cluster().has(Role.HTTP)) {
      expected.add(config.http().port());
    }
    expected.addAll(
        List.of(config.management().port(), first, first + 1, config.cluster().eventBus().port()));

    // Then
    Set<Object> opened = new LinkedHashSet<>();
    ((List<?>) container(role).get("ports"))
        .forEach(port -> opened.add(((Map<?, ?>) port).get("containerPort")));
    assertEquals(expected, opened);
    for (String way : List.of("ingress", "egress")) {
      List<?> rules = (List<?>) OperatorFilesTest.map(manifest("networkpolicy"), "spec").get(way);
      assertTrue(
          rules.stream()
              .map(rule -> ((Map<?, ?>) ((List<?>) ((Map<?, ?>) rule).get("ports")).get(0)))
              .anyMatch(
                  port ->
                      port.get("port").equals(first)
                          && config.cluster().eventBus().port() == (Integer) port.get("endPort")),
          way);
    }
  }

  @Test
  void onlyNodesReachThePortsOfTheCluster() {
    for (Object rule :
        (List<?>) OperatorFilesTest.map(manifest("networkpolicy"), "spec").get("ingress")) {
      Map<?, ?> port = (Map<?, ?>) ((List<?>) ((Map<?, ?>) rule).get("ports")).get(0);
      if (port.containsKey("endPort")) {
        Map<?, ?> from = (Map<?, ?>) ((List<?>) ((Map<?, ?>) rule).get("from")).get(0);
        assertEquals(
            "infopass-gateway",
            OperatorFilesTest.map(from, "podSelector", "matchLabels").get(NAME));
      } else {
        assertTrue(List.of(8080, 9090).contains(port.get("port")), port.toString());
      }
    }
  }

  @Test
  void theNameOfTheNodesResolvesToAllOfThemBeforeTheyAreReady() {
    // Given
    Map<?, ?> nodes = OperatorFilesTest.map(manifest("nodes"), "spec");

    // Then: or the first ones would never find each other
    assertEquals("None", nodes.get("clusterIP"));
    assertEquals(true, nodes.get("publishNotReadyAddresses"));
    for (String role : List.of("http", "infopass")) {
      Map<?, ?> labels =
          OperatorFilesTest.map(manifest(role), "spec", "template", "metadata", "labels");
      assertEquals(OperatorFilesTest.map(nodes, "selector"), Map.of(NAME, labels.get(NAME)));
      assertEquals(role, labels.get(COMPONENT));
      assertEquals(
          labels, OperatorFilesTest.map(manifest(role), "spec", "selector", "matchLabels"));
    }
    Map<?, ?> callers = OperatorFilesTest.map(manifest("service"), "spec", "selector");
    assertEquals(
        callers, OperatorFilesTest.map(manifest("http"), "spec", "template", "metadata", "labels"));
    assertEquals(
        OperatorFilesTest.map(nodes, "selector"),
        OperatorFilesTest.map(manifest("poddisruptionbudget"), "spec", "selector", "matchLabels"));
  }

  @Test
  void thereAreThreeNodesAtLeastAndTimeToLeaveInOrder() {
    int nodes = 0;
    for (String role : List.of("http", "infopass")) {
      nodes += (Integer) OperatorFilesTest.map(manifest(role), "spec").get("replicas");
      GatewayConfig.Shutdown shutdown = config(role).shutdown();
      long needed = shutdown.drainDelay().plus(shutdown.grace()).toSeconds() + 10;
      assertTrue((Integer) pod(role).get("terminationGracePeriodSeconds") > needed, role);
    }
    assertTrue(nodes >= 3, "" + nodes);
  }

  @Test
  void everyAlertIsTriedOutNamesMetricsOfTheClusterAndAHeadingOfTheRunbook() {
    // Given
    String runbook = OperatorFilesTest.text(Path.of("src/docs/operations.md"));
    String metrics = OperatorFilesTest.text(Path.of("src/docs/cluster.md"));
    Set<String> tried = new TreeSet<>();
    List<?> tests = (List<?>) ((Map<?, ?>) OperatorFilesTest.yaml(ALERTS_TEST)).get("tests");
    tests.forEach(test -> tried.add((String) ((Map<?, ?>) test).get("name")));

    // Then
    Set<String> alerts = new TreeSet<>(Set.of("healthy"));
    Map<?, ?> group =
        (Map<?, ?>) ((List<?>) ((Map<?, ?>) OperatorFilesTest.yaml(ALERTS)).get("groups")).get(0);
    for (Object each : (List<?>) group.get("rules")) {
      Map<?, ?> rule = (Map<?, ?>) each;
      alerts.add((String) rule.get("alert"));
      assertTrue(runbook.contains("`" + rule.get("alert") + "`"), "" + rule.get("alert"));
      String anchor =
          ((String) OperatorFilesTest.map(rule, "annotations").get("runbook_url")).split("#")[1];
      assertTrue(
          runbook.lines().anyMatch(line -> heading(line).equals(anchor)), "no heading " + anchor);
      Matcher used = METRIC.matcher((String) rule.get("expr"));
      assertTrue(used.find(), "" + rule.get("expr"));
      assertTrue(metrics.contains('`' + used.group()) || metrics.contains(used.group() + "{"));
    }
    assertEquals(alerts, tried);
  }

  private static String heading(String line) {
    return line.startsWith("### ")
        ? line.substring(4).toLowerCase(Locale.ROOT).replace(' ', '-')
        : "";
  }

  @Test
  void whatIsMountedIsWhatTheConfigurationReads() {
    String yaml = (String) OperatorFilesTest.map(manifest("configmap"), "data").get("gateway.yaml");
    for (String role : List.of("http", "infopass")) {
      String mounts = container(role).get("volumeMounts").toString();
      assertTrue(mounts.contains("mountPath=/run/cluster-tls"), mounts);
      assertTrue(yaml.contains("/run/cluster-tls/tls.crt"));
      assertTrue(
          pod(role).get("volumes").toString().contains("secretName=infopass-gateway-cluster"));
      assertEquals(
          List.of("--conf", "/etc/infopass-gateway/gateway.yaml"), container(role).get("args"));
    }
  }

  /** What an operator puts in place of the example, which is refused as it is. */
  private static String real(Object example) {
    return example.toString().replace("change-me", "0123456789abcdef");
  }
}
