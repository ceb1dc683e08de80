package infopass.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What conf/openapi.yaml says, with all references followed. Thread-safe. */
final class ApiDocument {
  static final Path FILE = Path.of("conf/openapi.yaml");

  private static final Set<String> METHODS =
      Set.of("get", "post", "put", "delete", "patch", "options");
  private static final JsonSchemaOptions SCHEMAS =
      new JsonSchemaOptions()
          .setBaseUri("https://gateway.example/")
          .setDraft(Draft.DRAFT202012)
          .setOutputFormat(OutputFormat.Basic);

  private final JsonObject root;
  private final Map<String, Map<String, JsonObject>> responses = new TreeMap<>();
  private final Map<String, JsonObject> shared;
  private final Map<Map<String, Object>, Validator> validators = new IdentityHashMap<>();

  private ApiDocument(JsonObject root) {
    this.root = root;
    this.shared = answers(root.getJsonObject("components").getJsonObject("responses"));
    for (Map.Entry<String, Object> path : root.getJsonObject("paths")) {
      for (Map.Entry<String, Object> method : (JsonObject) path.getValue()) {
        if (METHODS.contains(method.getKey())) {
          responses.put(
              method.getKey().toUpperCase(Locale.ROOT) + ' ' + path.getKey(),
              answers(((JsonObject) method.getValue()).getJsonObject("responses")));
        }
      }
    }
  }

  /** By way of JSON, so that what JSON cannot say is found. */
  static ApiDocument read() {
    try {
      Object yaml = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(FILE));
      Map<String, Object> root = new LinkedHashMap<>();
      ((Map<?, ?>) yaml).forEach((key, value) -> root.put((String) key, value));
      return new ApiDocument(new JsonObject(new JsonObject(root).encode()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonObject root() {
    return root;
  }

  /** Each as method and path template. */
  Set<String> operations() {
    return responses.keySet();
  }

  /** The path template that this target fits. */
  Optional<String> template(String target) {
    String path = target.replaceFirst("\\?.*", "");
    JsonObject paths = root.getJsonObject("paths");
    return paths.containsKey(path)
        ? Optional.of(path)
        : paths.fieldNames().stream()
            .filter(template -> template.contains("{"))
            .filter(template -> path.matches(template.replaceAll("\\{\\w+}", "[^/]+")))
            .findFirst();
  }

  /** The answers of an operation by status; none where there is no such operation. */
  Map<String, JsonObject> responses(String operation) {
    return responses.getOrDefault(operation, Map.of());
  }

  /** Whether this path is served only where a setting says so. */
  boolean mayBeOff(String template) {
    return responses("GET " + template).containsKey("404");
  }

  /** The answers that operations share, by name. */
  Map<String, JsonObject> shared() {
    return shared;
  }

  private Map<String, JsonObject> answers(JsonObject responses) {
    Map<String, JsonObject> byName = new LinkedHashMap<>();
    for (String name : responses.fieldNames()) {
      JsonObject response = resolved(responses.getJsonObject(name));
      JsonObject headers = new JsonObject();
      for (Map.Entry<String, Object> header : response.getJsonObject("headers", new JsonObject())) {
        headers.put(
            header.getKey().toLowerCase(Locale.ROOT), resolved((JsonObject) header.getValue()));
      }
      byName.put(name, response.copy().put("headers", headers));
    }
    return byName;
  }

  /** What it is that a reference names; null where it names nothing. */
  JsonObject resolved(JsonObject node) {
    String reference = node.getString("$ref");
    if (reference == null) {
      return node;
    }
    JsonObject at = root;
    for (String step : reference.substring("#/".length()).split("/")) {
      at = at == null ? null : at.getJsonObject(step);
    }
    return at;
  }

  /** Where this value does not fit this schema of the document. */
  List<String> faults(JsonObject schema, Object value) {
    OutputUnit result;
    synchronized (validators) {
      result =
          validators.computeIfAbsent(schema.getMap(), known -> validator(schema)).validate(value);
    }
    List<String> faults = new ArrayList<>();
    if (!result.getValid()) {
      result
          .getErrors()
          .forEach(error -> faults.add(error.getInstanceLocation() + ' ' + error.getError()));
    }
    return faults;
  }

  private Validator validator(JsonObject schema) {
    // It writes into what it is given.
    JsonObject schemas = root.getJsonObject("components").getJsonObject("schemas").copy();
    JsonObject whole = schema.copy().put("components", new JsonObject().put("schemas", schemas));
    return Validator.create(JsonSchema.of(whole), SCHEMAS);
  }

  /** A text as the JSON value that this schema's type makes of it. */
  static Object typed(JsonObject schema, String text) {
    return "integer".equals(schema.getValue("type")) && text.matches("-?\\d{1,18}")
        ? (Object) Long.valueOf(text)
        : text;
  }

  /** The JSON value of a text. */
  static Object json(String text) {
    return text.startsWith("[") ? new JsonArray(text) : new JsonObject(text);
  }
}
