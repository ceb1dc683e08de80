package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.config.ConfigSource;
import infopass.gateway.http.Endpoint;
import infopass.gateway.http.Lifecycle;
import infopass.gateway.management.HealthRoutes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The Kubernetes manifests and the compose file fit the gateway and each other. */
class DeploymentFilesTest {
  private static final Path KUBERNETES = Path.of("conf/kubernetes");
  private static final String LABEL = "app.kubernetes.io/name";

  /** What the process takes beyond drain delay and grace until it gives up. */
  private static final long ROOM_SECONDS = 10;

  private final Map<?, ?> deployment = manifest("deployment");
  private final Map<?, ?> pod = OperatorFilesTest.map(deployment, "spec", "template", "spec");
  private final Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).get(0);
  private final GatewayConfig config = configured();

  @Test
  void probesAskForPathsThatAreServedAtThePortThatIsOpened() {
    // Given
    List<String> served =
        new HealthRoutes(new Lifecycle(), () -> true, java.util.Map.of())
            .endpoints().stream().map(Endpoint::path).toList();
    Map<Object, Object> ports =
        ((List<?>) container.get("ports"))
            .stream()
                .map(port -> (Map<?, ?>) port)
                .collect(
                    Collectors.toMap(port -> port.get("name"), port -> port.get("containerPort")));

    // Then
    assertEquals(
        Map.of("http", config.http().port(), "management", config.management().port()), ports);
    Map<String, String> probes =
        Map.of(
            "startupProbe", "/health/started",
            "livenessProbe", "/health/live",
            "readinessProbe", "/health/ready");
    probes.forEach(
        (probe, path) -> {
          Map<?, ?> asked = OperatorFilesTest.map(container, probe, "httpGet");
          assertEquals(Map.of("path", path, "port", "management"), asked);
          assertTrue(served.contains(path), path);
        });
    Map<?, ?> annotations =
        OperatorFilesTest.map(deployment, "spec", "template", "metadata", "annotations");
    assertEquals("" + config.management().port(), annotations.get("prometheus.io/port"));
    assertEquals("0.0.0.0", config.management().host());
  }

  @Test
  void thePlatformWaitsLongerThanTheGatewayTakesToStop() {
    GatewayConfig.Shutdown shutdown = config.shutdown();
    long needed = shutdown.drainDelay().plus(shutdown.grace()).toSeconds() + ROOM_SECONDS;
    int given = (Integer) pod.get("terminationGracePeriodSeconds");
    assertTrue(given > needed && given <= needed + 30, given + " for " + needed);
    assertTrue(shutdown.drainDelay().toSeconds() >= 5);
    assertFalse(shutdown.grace().compareTo(config.infopass().timeouts().overall()) < 0);
    long compose = RunningGateway.config("").shutdown().grace().toSeconds() + ROOM_SECONDS;
    String seconds =
        (String) OperatorFilesTest.map(compose(), "services", "gateway").get("stop_grace_period");
    assertTrue(Long.parseLong(seconds.replace("s", "")) > compose, seconds);
  }

  @Test
  void theContainerMayDoAsLittleAsTheImageAsksFor() {
    // Given
    Map<?, ?> podSecurity = OperatorFilesTest.map(pod, "securityContext");
    Map<?, ?> security = OperatorFilesTest.map(container, "securityContext");
    String dockerfile = OperatorFilesTest.text(Path.of("Dockerfile"));

    // Then
    assertEquals(true, podSecurity.get("runAsNonRoot"));
    assertTrue(
        dockerfile.contains(
            "USER " + podSecurity.get("runAsUser") + ':' + podSecurity.get("runAsGroup")));
    assertEquals(true, security.get("readOnlyRootFilesystem"));
    assertEquals(false, security.get("allowPrivilegeEscalation"));
    assertEquals(List.of("ALL"), OperatorFilesTest.map(security, "capabilities").get("drop"));
    assertEquals(false, pod.get("automountServiceAccountToken"));
    assertTrue(OperatorFilesTest.map(container, "resources", "limits").containsKey("memory"));
    List<?> mounts =
        ((List<?>) container.get("volumeMounts"))
            .stream().map(mount -> ((Map<?, ?>) mount).get("mountPath")).toList();
    assertEquals(List.of("/etc/infopass-gateway", "/tmp"), mounts);
    assertEquals(List.of("--conf", "/etc/infopass-gateway/gateway.yaml"), container.get("args"));
    Map<?, ?> tried = OperatorFilesTest.map(compose(), "services", "gateway");
    assertEquals(true, tried.get("read_only"));
    assertEquals(List.of("/tmp:exec"), tried.get("tmpfs"));
  }

  @Test
  void everythingSelectsThePodsOfTheDeploymentAndExists() {
    // Given
    Object name =
        OperatorFilesTest.map(deployment, "spec", "template", "metadata", "labels").get(LABEL);

    // Then
    assertEquals(
        name, OperatorFilesTest.map(deployment, "spec", "selector", "matchLabels").get(LABEL));
    assertEquals(name, OperatorFilesTest.map(manifest("service"), "spec", "selector").get(LABEL));
    assertEquals(
        name,
        OperatorFilesTest.map(manifest("networkpolicy"), "spec", "podSelector", "matchLabels")
            .get(LABEL));
    assertEquals(
        name,
        OperatorFilesTest.map(manifest("poddisruptionbudget"), "spec", "selector", "matchLabels")
            .get(LABEL));
    String text = OperatorFilesTest.text(KUBERNETES.resolve("deployment.yaml"));
    assertTrue(text.contains("configMap: {name: " + nameOf("configmap") + "}"));
    assertTrue(text.contains("secretRef: {name: " + nameOf("example/secret") + "}"));
  }

  @Test
  void onlyMonitoringReachesTheManagementPort() {
    // Given
    List<?> ingress =
        (List<?>) OperatorFilesTest.map(manifest("networkpolicy"), "spec").get("ingress");

    // Then
    assertEquals(2, ingress.size());
    for (Object rule : ingress) {
      Map<?, ?> way = (Map<?, ?>) rule;
      Map<?, ?> port = (Map<?, ?>) ((List<?>) way.get("ports")).get(0);
      assertEquals(1, ((List<?>) way.get("ports")).size());
      boolean management = port.get("port").equals(config.management().port());
      assertEquals(management, way.containsKey("from"), way.toString());
      assertTrue(management || port.get("port").equals(config.http().port()));
    }
    assertEquals(
        1, ((List<?>) OperatorFilesTest.map(manifest("service"), "spec").get("ports")).size());
  }

  @Test
  void theComposeFileMountsFilesThatExist() {
    for (Object service : OperatorFilesTest.map(compose(), "services").values()) {
      List<?> volumes = (List<?>) ((Map<?, ?>) service).get("volumes");
      for (Object volume : volumes == null ? List.of() : volumes) {
        Path file = Path.of("conf").resolve(volume.toString().split(":")[0]);
        assertTrue(Files.isRegularFile(file), volume.toString());
      }
    }
  }

  @Test
  void theContainersCommandLineIsThatOfTheReadme() {
    // Given
    String readme = OperatorFilesTest.text(Path.of("README.md"));
    String dockerfile = OperatorFilesTest.text(Path.of("Dockerfile"));
    String entry = dockerfile.substring(dockerfile.indexOf("ENTRYPOINT"));
    List<String> run = words(readme, "docker run ");
    String image = words(readme, "`docker build ").get(3);

    // Then: the image runs what the readme runs, with the options that the readme gives it
    assertTrue(readme.contains("java -jar target/infopass-gateway.jar --conf "));
    assertTrue(entry.endsWith("\"-jar\", \"infopass-gateway.jar\"]"), entry);
    assertEquals(image + ':' + version(), container.get("image"));
    int at = run.indexOf(image);
    assertEquals(List.of("--read-only", "--tmpfs", "/tmp:exec"), run.subList(2, 5));
    Map<?, ?> tried = OperatorFilesTest.map(compose(), "services", "gateway");
    assertEquals(run.subList(at + 1, run.size()), tried.get("command"));
    for (Object arguments : List.of(tried.get("command"), container.get("args"))) {
      String[] given = ((List<?>) arguments).stream().map(Object::toString).toArray(String[]::new);
      assertTrue(Main.commandLine(new Process()).parseArgs(given).errors().isEmpty());
      assertTrue(readme.contains(given[0] + ' ') || readme.contains(given[0] + '\n'), given[0]);
    }
  }

  /** The rest of the first line of the text that has this in it, and that. */
  private static List<String> words(String text, String begin) {
    String line = text.substring(text.indexOf(begin)).lines().findFirst().orElseThrow();
    return List.of(line.replaceAll("^`", "").replaceAll("[`;].*", "").split(" "));
  }

  private static String version() {
    String pom = OperatorFilesTest.text(Path.of("pom.xml"));
    int at = pom.indexOf("<version>") + "<version>".length();
    return pom.substring(at, pom.indexOf("</version>"));
  }

  /** The configuration of the manifests, with the variables that the secret must have. */
  private static GatewayConfig configured() {
    String yaml = (String) OperatorFilesTest.map(manifest("configmap"), "data").get("gateway.yaml");
    Map<String, String> secrets = new HashMap<>();
    OperatorFilesTest.map(manifest("example/secret"), "stringData")
        .forEach((key, value) -> secrets.put(key.toString(), real(value)));
    return ConfigLoader.load(ConfigSource.text("configmap.yaml", yaml), secrets, false);
  }

  private static Object nameOf(String manifest) {
    return OperatorFilesTest.map(manifest(manifest), "metadata").get("name");
  }

  private static Map<?, ?> manifest(String name) {
    return (Map<?, ?>) OperatorFilesTest.yaml(KUBERNETES.resolve(name + ".yaml"));
  }

  private static Map<?, ?> compose() {
    return (Map<?, ?>) OperatorFilesTest.yaml(Path.of("conf/compose.yaml"));
  }

  /** What an operator puts in place of the example, which is refused as it is. */
  private static String real(Object example) {
    return example.toString().replace("change-me", "0123456789abcdef");
  }
}
