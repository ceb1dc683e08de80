package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The manifests are valid by the schema of Kubernetes itself: the classes that its Java client is
 * generated as know every field, its type, and which are required.
 */
class KubernetesSchemaTest {
  private static final Path MANIFESTS = Path.of("conf/kubernetes");
  private static final Path CLUSTER = Path.of("conf/kubernetes-cluster");
  private static final String MODELS = "io.kubernetes.client.openapi.models.V1";

  /** Which the schema of a kind leaves open. */
  private static final Map<String, String> VERSIONS =
      Map.of(
          "ConfigMap", "v1",
          "Secret", "v1",
          "Service", "v1",
          "Deployment", "apps/v1",
          "NetworkPolicy", "networking.k8s.io/v1",
          "PodDisruptionBudget", "policy/v1");

  static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.walk(MANIFESTS);
        Stream<Path> cluster = Files.walk(CLUSTER)) {
      return Stream.concat(files, cluster).filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyManifestIsOfItsKind(Path file) throws Exception {
    JsonObject manifest = json(file);
    String kind = manifest.getString("kind");
    assertEquals(VERSIONS.get(kind), manifest.getString("apiVersion"));
    check(kind, manifest.encode());
    assertTrue(
        manifest.getJsonObject("metadata").getString("name").matches("[a-z][a-z0-9-]{0,62}"));
  }

  @ParameterizedTest
  @CsvSource({
    "\"replicas\":2, \"replica\":2",
    "\"replicas\":2, \"replicas\":\"two\"",
    "\"readinessProbe\", \"readyProbe\"",
    "\"containerPort\":8080, \"containerPort\":\"http\"",
    "\"memory\":\"1Gi\", \"memory\":\"much\"",
    "\"mountPath\":\"/tmp\", \"path\":\"/tmp\"",
    "\"selector\":, \"chooses\":",
    "\"drop\":[\"ALL\"], \"drop\":\"ALL\""
  })
  void aMistakeIsFound(String right, String wrong) {
    String text = json(MANIFESTS.resolve("deployment.yaml")).encode();
    assertTrue(text.contains(right), right);
    assertThrows(Exception.class, () -> check("Deployment", text.replace(right, wrong)));
  }

  @Test
  void aKindThatDoesNotExistIsFound() {
    assertThrows(ClassNotFoundException.class, () -> check("Deploymnt", "{}"));
  }

  /** By name: of what else those classes are made of, nothing is here. */
  private static void check(String kind, String manifest) throws Exception {
    try {
      Class.forName(MODELS + kind).getMethod("fromJson", String.class).invoke(null, manifest);
    } catch (InvocationTargetException fault) {
      throw new IllegalArgumentException(fault.getCause());
    }
  }

  private static JsonObject json(Path file) {
    Map<String, Object> root = new LinkedHashMap<>();
    ((Map<?, ?>) OperatorFilesTest.yaml(file)).forEach((key, value) -> root.put("" + key, value));
    return new JsonObject(new JsonObject(root).encode());
  }
}
