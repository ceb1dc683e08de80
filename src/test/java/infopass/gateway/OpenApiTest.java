package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.digilocker.Problem;
import infopass.gateway.http.Endpoint;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The description and the program say the same. */
class OpenApiTest {
  private static final Path FILE = ApiDocument.FILE;

  private final ApiDocument api = ApiDocument.read();
  private final JsonObject document = api.root();

  @Test
  void itIsOpenApi31InTheVersionOfTheBuild() throws Exception {
    assertTrue(document.getString("openapi").matches("3\\.1\\.\\d+"));
    Matcher version =
        Pattern.compile("<artifactId>infopass-gateway</artifactId>\\s*<version>([^<]+)<")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(version.find());
    assertEquals(version.group(1), document.getJsonObject("info").getString("version"));
  }

  @Test
  void itFitsTheSchemaOfOpenApi31() {
    // The schema that the specification publishes.
    JsonObject wrong = document.copy();
    wrong.getJsonObject("info").remove("title");
    Vertx vertx = Vertx.vertx();
    try {
      assertTrue(valid(vertx, document.copy()));
      assertFalse(valid(vertx, wrong));
    } finally {
      RunningGateway.await(vertx.close());
    }
  }

  private static boolean valid(Vertx vertx, JsonObject contract) {
    OpenAPIVersion version = OpenAPIVersion.V3_1;
    return RunningGateway.await(
            version
                .getRepository(vertx, "https://gateway.example/")
                .compose(schemas -> version.validateContract(vertx, schemas, contract)))
        .getValid();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    walk("", document, (at, node) -> node.forEach(entry -> follow(at, entry)));
  }

  private void follow(String at, Map.Entry<String, Object> entry) {
    if (entry.getKey().equals("$ref")) {
      assertNotNull(api.resolved(new JsonObject().put("$ref", entry.getValue())), at);
    }
  }

  @Test
  void everyRouteIsDocumentedAndNothingElseIs() throws Exception {
    try (RunningGateway running = RunningGateway.start()) {
      Set<String> served = new TreeSet<>();
      for (Endpoint endpoint : endpoints(running.gateway())) {
        served.add(endpoint.method().name() + ' ' + endpoint.path().replaceAll(":(\\w+)", "{$1}"));
      }
      assertEquals(served, new TreeSet<>(api.operations()));
    }
  }

  @Test
  void everyDocumentedPathIsServedAndOtherMethodsAreRefused() {
    try (RunningGateway running = RunningGateway.start()) {
      for (String operation : api.operations()) {
        String[] parts = operation.split(" ");
        String path = parts[1].replace("{slug}", "draining").replace("{clientId}", "c");
        HttpResponse<String> answer = send(running, parts[0], path);
        assertNotEquals(404, answer.statusCode(), operation);
        assertNotEquals(405, answer.statusCode(), operation);
        assertTrue(api.responses(operation).containsKey("" + answer.statusCode()), operation);
        HttpResponse<String> other = send(running, "PATCH", path);
        assertEquals(405, other.statusCode(), operation);
        assertTrue(other.headers().firstValue("Allow").orElse("").contains(parts[0]), operation);
      }
      HttpResponse<String> served = running.get("/openapi.yaml");
      assertEquals(text(FILE), served.body());
    }
  }

  @Test
  void theAnswerHasTheMembersOfTheSample() {
    try (RunningGateway running = RunningGateway.start()) {
      JsonObject sample =
          api.responses("POST " + RunningGateway.INIT)
              .get("200")
              .getJsonObject("content")
              .getJsonObject("application/json")
              .getJsonObject("examples")
              .getJsonObject("documented")
              .getJsonObject("value");
      JsonObject answer = RunningGateway.json(running.initFor("Test Kumar"));
      assertEquals(sample.fieldNames(), answer.fieldNames());
      for (String part : List.of("data", "countdown")) {
        assertEquals(
            sample.getJsonObject(part).fieldNames(), answer.getJsonObject(part).fieldNames());
      }
    }
  }

  @Test
  void everyProblemThatTheProgramCanAnswerIsListedWithItsStatus() throws Exception {
    // Given the problems that the program names anywhere
    Set<String> named = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
        Matcher problem = Pattern.compile("\\bProblem\\.([A-Z_]+)").matcher(text(file));
        while (problem.find()) {
          named.add(Problem.valueOf(problem.group(1)).slug());
        }
      }
    }

    // When the documented ones are collected
    Set<String> documented = new TreeSet<>();
    for (String operation : api.operations()) {
      Map<String, JsonObject> responses = api.responses(operation);
      for (String status : responses.keySet()) {
        JsonObject content = responses.get(status).getJsonObject("content");
        if (content != null && content.containsKey("application/problem+json")) {
          JsonObject problem = content.getJsonObject("application/problem+json");
          for (Map.Entry<String, Object> example : problem.getJsonObject("examples")) {
            documented.add(example.getKey());
            check(example.getKey(), status, ((JsonObject) example.getValue()));
          }
        }
      }
    }

    // Then
    assertEquals(named, documented);
  }

  private static void check(String slug, String status, JsonObject example) {
    Problem problem = Problem.bySlug(slug).orElseThrow(() -> new AssertionError(slug));
    JsonObject value = example.getJsonObject("value");
    assertEquals(status, "" + problem.status(), slug);
    assertEquals(problem.status(), value.getInteger("status"), slug);
    assertEquals(problem.type(), value.getString("type"));
    assertEquals(problem.title(), value.getString("title"));
  }

  @Test
  void everyExampleFitsItsSchema() {
    List<String> faults = new ArrayList<>();
    int[] examples = {0};
    walk(
        "",
        document,
        (at, node) -> {
          if (node.containsKey("schema") && node.containsKey("examples")) {
            for (Map.Entry<String, Object> example : node.getJsonObject("examples")) {
              Object value = ((JsonObject) example.getValue()).getValue("value");
              fit(at + '/' + example.getKey(), node.getJsonObject("schema"), value, faults);
              examples[0]++;
            }
          } else if (node.containsKey("schema") && node.containsKey("example")) {
            fit(at, node.getJsonObject("schema"), node.getValue("example"), faults);
            examples[0]++;
          }
        });
    assertEquals(List.of(), faults);
    assertTrue(examples[0] > 20, "" + examples[0]);
  }

  private void fit(String at, JsonObject schema, Object value, List<String> faults) {
    Object typed = value instanceof String text ? ApiDocument.typed(schema, text) : value;
    api.faults(schema, typed).forEach(fault -> faults.add(at + ": " + fault));
  }

  private static HttpResponse<String> send(RunningGateway running, String method, String path) {
    HttpRequest.Builder request =
        method.equals("POST")
            ? running.init(RunningGateway.SEED)
            : HttpRequest.newBuilder(running.uri(path))
                .method(method, HttpRequest.BodyPublishers.noBody());
    return running.send(request);
  }

  /** Asks the composition root itself what the public port serves. */
  private static List<Endpoint> endpoints(Gateway gateway) {
    List<Endpoint> endpoints = new ArrayList<>();
    gateway.publicRoutes().forEach(group -> endpoints.addAll(group.endpoints()));
    return endpoints;
  }

  private static void walk(String at, Object node, BiConsumer<String, JsonObject> visitor) {
    if (node instanceof JsonObject object) {
      visitor.accept(at, object);
      object.forEach(entry -> walk(at + '/' + entry.getKey(), entry.getValue(), visitor));
    } else if (node instanceof JsonArray items) {
      items.forEach(item -> walk(at + "[]", item, visitor));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
