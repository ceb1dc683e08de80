package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of the fields of a body is let through to a partner that bills each one. */
class FieldsIT {
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start("init: {redirectSchemes: [https, http, myapp]}");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static HttpResponse<String> with(String field, String value) {
    JsonObject body = new JsonObject(RunningGateway.SEED).put(field, value);
    return gateway.send(gateway.init(body.encode()));
  }

  private static void refused(String field, String value) {
    JsonObject problem = Problems.check(with(field, value), 400, "invalid-request");
    JsonArray errors = problem.getJsonArray("errors");
    assertEquals(1, errors.size(), problem.encode());
    assertEquals("#/" + field, errors.getJsonObject(0).getString("pointer"));
  }

  private static void taken(String field, String value) {
    HttpResponse<String> response = with(field, value);
    assertEquals(200, response.statusCode(), () -> value + ": " + response.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b@c.in",
        " a@c.in",
        "a@c.in ",
        "a..b@c.in",
        ".a@c.in",
        "a.@c.in",
        "a@-c.in",
        "a@c-.in",
        "a@c..in",
        "a@.c.in",
        "a@c.in.",
        "a@c in",
        "a@c_d.in",
        "a@c.1",
        "a(b)@c.in",
        "a,b@c.in",
        "a<b@c.in",
        "a:b@c.in",
        "a\"b@c.in",
        "a\\b@c.in",
        "a\u00a0b@c.in",
        "a\u3000@c.in",
        "a@c.in\u202e",
        "a\u200bb@c.in",
        "\ufeffa@c.in"
      })
  void addressesThatNoMailServerTakesAreNotBilled(String email) {
    refused("email", email);
  }

  @Test
  void localPartsAndLabelsAreBounded() {
    refused("email", "a".repeat(65) + "@c.in");
    taken("email", "a".repeat(64) + "@c.in");
    refused("email", "a@" + "c".repeat(64) + ".in");
    taken("email", "a@" + "c".repeat(63) + ".in");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a+b@c.in",
        "o'brien@c.in",
        "a.b@c-d.co.in",
        "a_b@c.in",
        "ku*******@gmail.com",
        "\u0915\u092e\u0932@\u0909\u0926\u093e\u0939\u0930\u0923.\u092d\u093e\u0930\u0924",
        "a@xn--p1b6ci4b4b3a.xn--h2brj9c",
        "!#$%&'*+-/=?^_`{|}~@c.in",
        "a@localhost",
        "\"a b\"@c.in"
      })
  void addressesThatAreUnusualButRightAreTaken(String email) {
    taken("email", email);
  }

  @Test
  void mobilesAndNamesThatCannotExistAreNotBilled() {
    for (String mobile : List.of("98+76543210", "++919876543210", "9876543210+")) {
      refused("mobile", mobile);
    }
    taken("mobile", "+91 98765-43210");
    for (String field : List.of("name", "state")) {
      for (String value : List.of("   ", "\u3000", "\u200b", "a\u2028b")) {
        refused(field, value);
      }
      taken(field, "\u0915");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://\u0d05\u0d35\u0d7b.example", // A chillu letter.
        "https://\u1c5a\u1c5b.example", // Ol Chiki.
        "https://\uabc0\uabc1.example", // Meetei Mayek.
        "https://\u0915\u094d\u200d\u0937.example", // A joiner behind a virama.
        "https://stra\u00dfe.example",
        "https://\u0909\u0926\u093e\u0939\u0930\u0923.\u092d\u093e\u0930\u0924/path",
        "myapp://callback/done",
        "MyApp:done"
      })
  void linksBackAreTaken(String url) {
    taken("redirectUrl", url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://a\u200db.example",
        "https://xn--a.example",
        "https://\u0915\u0301..example",
        "other://callback",
        "javascript:alert(1)",
        "myapp:",
        "myapp://a b",
        "https:callback"
      })
  void linksBackThatNoBrowserFollowsAreRefused(String url) {
    refused("redirectUrl", url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf8",
        "application/json;charset=\"UTF-8\"",
        "application/json; charset=iso-8859-1",
        "Application/JSON ; profile=x",
        "application/json;"
      })
  void parametersOfTheMediaTypeHaveNoEffect(String type) {
    assertEquals(200, gateway.send(typed(type)).statusCode());
  }

  @Test
  void otherMediaTypesAreRefused() {
    for (String type : List.of("text/plain", "application/jsonx", "application/json, text/plain")) {
      Problems.check(gateway.send(typed(type)), 415, "unsupported-media-type");
    }
  }

  private static HttpRequest.Builder typed(String type) {
    return HttpRequest.newBuilder(gateway.uri(RunningGateway.INIT))
        .header("Authorization", RunningGateway.basic("user", "pass"))
        .header("Content-Type", type)
        .POST(HttpRequest.BodyPublishers.ofString(RunningGateway.SEED));
  }

  @Test
  void theListOfHostsSpeaksOfHostsAsTheyAreCompared() {
    String hosts =
        "init: {redirectHosts: ['\u0909\u0926\u093e\u0939\u0930\u0923.\u092d\u093e\u0930\u0924']}";
    try (RunningGateway listed = RunningGateway.start(hosts)) {
      List<Integer> statuses =
          List.of(
                  "https://xn--p1b6ci4b4b3a.xn--h2brj9c/",
                  "https://\u0909\u0926\u093e\u0939\u0930\u0923.\u092d\u093e\u0930\u0924",
                  "https://elsewhere.example")
              .stream()
              .map(url -> new JsonObject(RunningGateway.SEED).put("redirectUrl", url).encode())
              .map(body -> listed.send(listed.init(body)).statusCode())
              .collect(Collectors.toList());
      assertEquals(List.of(200, 200, 403), statuses);
    }
  }
}
