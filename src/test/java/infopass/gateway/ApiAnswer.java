package infopass.gateway;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An answer of the public port, to be held against the document.
 *
 * @param method of the request; empty where that was none that can be read
 * @param target of the request, the query included
 * @param headers by name in lower case
 * @param body empty where there was none, or where it was a stream
 */
record ApiAnswer(
    String method, String target, int status, Map<String, List<String>> headers, String body) {

  /** What HTTP brings along, whatever the answer. */
  private static final Set<String> OF_HTTP =
      Set.of(
          ":status",
          "connection",
          "content-length",
          "content-type",
          "date",
          "transfer-encoding",
          "upgrade",
          "sec-websocket-accept",
          "sec-websocket-extensions");

  /** Refused before any route is looked for, so at every path and with every method. */
  private static final Set<String> BEFORE_ROUTES =
      Set.of(
          "BadRequest",
          "RequestTimeout",
          "UriTooLong",
          "ExpectationFailed",
          "HeadersTooLarge",
          "VersionNotSupported");

  static ApiAnswer of(
      String method, String target, int status, Map<String, List<String>> fields, String body) {
    Map<String, List<String>> headers = new TreeMap<>();
    fields.forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
    return new ApiAnswer(method, target, status, headers, body);
  }

  /** What the document does not say of it, or says otherwise; empty where it is documented. */
  List<String> undocumented(ApiDocument document) {
    List<JsonObject> documented = documented(document);
    List<String> faults = new ArrayList<>();
    for (JsonObject response : documented) {
      List<String> found = faults(document, response);
      if (found.isEmpty()) {
        return List.of();
      }
      faults.addAll(found);
    }
    if (faults.isEmpty()) {
      faults.add("status is not documented");
    }
    faults.replaceAll(fault -> method + ' ' + target + " -> " + status + ": " + fault);
    return faults;
  }

  /** The documented answers that this can be. */
  private List<JsonObject> documented(ApiDocument document) {
    String code = Integer.toString(status);
    String template = document.template(target).orElse("");
    String operation = (method.equals("HEAD") ? "GET" : method) + ' ' + template;
    if (document.operations().contains(operation)) {
      JsonObject response = document.responses(operation).get(code);
      return response == null ? List.of() : List.of(response);
    }
    List<JsonObject> anywhere = new ArrayList<>();
    document
        .shared()
        .forEach(
            (name, response) -> {
              if (BEFORE_ROUTES.contains(name)
                  || name.equals("NotFound") && (template.isEmpty() || document.mayBeOff(template))
                  || name.equals("MethodNotAllowed") && !template.isEmpty()) {
                anywhere.add(response);
              }
            });
    anywhere.removeIf(response -> !statusOf(response).equals(code));
    if (method.isEmpty()) {
      document.operations().stream()
          .map(each -> document.responses(each).get(code))
          .filter(response -> response != null)
          .forEach(anywhere::add);
    }
    return anywhere;
  }

  /** Shared answers are all problems, and those have their status inside. */
  private static String statusOf(JsonObject response) {
    JsonObject examples =
        response
            .getJsonObject("content")
            .getJsonObject("application/problem+json")
            .getJsonObject("examples");
    String first = examples.fieldNames().iterator().next();
    return "" + examples.getJsonObject(first).getJsonObject("value").getInteger("status");
  }

  private List<String> faults(ApiDocument document, JsonObject response) {
    List<String> faults = new ArrayList<>();
    JsonObject documented = response.getJsonObject("headers");
    headers.forEach(
        (name, values) -> {
          JsonObject header = documented.getJsonObject(name);
          if (header == null) {
            if (!OF_HTTP.contains(name)) {
              faults.add(name + " is not documented");
            }
          } else {
            JsonObject schema = header.getJsonObject("schema");
            document
                .faults(schema, ApiDocument.typed(schema, String.join(", ", values)))
                .forEach(fault -> faults.add(name + ' ' + fault));
          }
        });
    for (String name : documented.fieldNames()) {
      if (documented.getJsonObject(name).getBoolean("required", false)
          && !headers.containsKey(name)) {
        faults.add(name + " is missing");
      }
    }
    content(document, response.getJsonObject("content"), faults);
    return faults;
  }

  private void content(ApiDocument document, JsonObject documented, List<String> faults) {
    String type = mediaType();
    if (type.isEmpty()) {
      if (documented != null || !body.isEmpty()) {
        faults.add("has no content type");
      }
      return;
    }
    if (documented == null || !documented.containsKey(type)) {
      faults.add(type + " is not documented");
      return;
    }
    if (type.endsWith("json") && !method.equals("HEAD")) {
      try {
        faults.addAll(
            document.faults(
                documented.getJsonObject(type).getJsonObject("schema"), ApiDocument.json(body)));
      } catch (DecodeException none) {
        faults.add("is no JSON: " + body);
      }
    }
  }

  String mediaType() {
    return headers.getOrDefault("content-type", List.of("")).get(0).replaceFirst(";.*", "");
  }

  /** The slug of the problem; empty where it is none. */
  String slug() {
    return mediaType().equals("application/problem+json") && !body.isEmpty()
        ? new JsonObject(body).getString("type", "").replaceFirst(".*/", "")
        : "";
  }
}
