package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.Journal;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of what the partner does and what the caller gets, scenario by scenario. */
@Timeout(30)
class ScenariosIT {
  /** Attempts for what may have been processed: more than one only where that is asked for. */
  private static final String BOTH = "safe transient";

  private static final String TRANSIENT = "transient";
  private static final String SAFE = "safe";

  private static Map<String, RunningGateway> gateways;

  @BeforeAll
  static void start() {
    gateways = Map.of(SAFE, gateway(SAFE), TRANSIENT, gateway(TRANSIENT));
  }

  @AfterAll
  static void stop() {
    gateways.values().forEach(RunningGateway::close);
  }

  private static RunningGateway gateway(String on) {
    return RunningGateway.start(
        """
        infopass:
          timeouts: {overall: 6s}
          retry: {on: %s, backoff: {initial: 1ms, max: 2ms}, budget: {minPerSecond: 1000}}
          circuitBreaker: {minimumCalls: 1000}
        """
            .formatted(on));
  }

  /** What is expected of one scenario; a null is an absent member. */
  private record Expected(
      int status,
      String slug,
      String outcome,
      Integer retryAfter,
      Integer upstreamStatus,
      String upstreamCode,
      int calls) {}

  /** One row: under which settings of retry.on, which scenario. */
  private record Row(String on, String scenario, Expected expected) {
    @Override
    public String toString() {
      return scenario + " (" + on + ")";
    }
  }

  private static Row granted(String on, String scenario, int calls) {
    return new Row(on, scenario, new Expected(200, null, null, null, null, null, calls));
  }

  private static Row rejected(String scenario, int status) {
    return new Row(
        BOTH,
        scenario,
        new Expected(422, "upstream-rejected", "rejected", null, status, "0x0" + status, 1));
  }

  private static Row refused(String scenario, int status) {
    return new Row(
        BOTH,
        scenario,
        new Expected(status, "unauthenticated", "rejected", null, status, "0x0" + status, 1));
  }

  private static Row busy(String scenario, int status, int retryAfter, int calls) {
    return new Row(
        BOTH,
        scenario,
        new Expected(503, "upstream-busy", "rejected", retryAfter, status, "0x0" + status, calls));
  }

  private static Row failed(String on, String scenario, int status, int calls) {
    return new Row(
        on,
        scenario,
        new Expected(502, "upstream-failed", "unknown", null, status, "0x0" + status, calls));
  }

  private static Row lost(String on, String scenario, int calls) {
    return new Row(
        on, scenario, new Expected(502, "upstream-failed", "unknown", null, null, null, calls));
  }

  private static Row malformed(String scenario) {
    return new Row(
        BOTH, scenario, new Expected(502, "upstream-malformed", "unknown", null, null, null, 1));
  }

  private static Row late(String scenario) {
    return new Row(
        BOTH, scenario, new Expected(504, "deadline-exceeded", "unknown", null, null, null, 1));
  }

  static Stream<Row> rows() {
    return Stream.of(
            granted(BOTH, "Test Kumar", 1),
            granted(BOTH, "Slow 100", 1),
            rejected("Status 400", 400),
            rejected("Status 402", 402),
            rejected("Status 404", 404),
            rejected("Status 409", 409),
            rejected("Status 422", 422),
            refused("Status 401", 401),
            refused("Status 403", 403),
            busy("Status 429", 429, 1, 3),
            busy("Status 503", 503, 1, 3),
            // Its Retry-After is later than the deadline: one call, and an answer at once.
            busy("Status 429 7", 429, 7, 1),
            busy("Status 503 7", 503, 7, 1),
            failed(TRANSIENT, "Status 500", 500, 3),
            failed(TRANSIENT, "Status 502", 502, 3),
            failed(TRANSIENT, "Status 504", 504, 3),
            failed(SAFE, "Status 500", 500, 1),
            failed(SAFE, "Status 502", 502, 1),
            failed(SAFE, "Status 504", 504, 1),
            failed(BOTH, "Status 501", 501, 1),
            failed(BOTH, "Redirect", 302, 1),
            granted(BOTH, "Flaky 2 503", 3),
            granted(BOTH, "Flaky 1 503 1", 2),
            granted(BOTH, "Flaky 2 429", 3),
            granted(TRANSIENT, "Flaky 2 500", 3),
            granted(TRANSIENT, "Flaky 2 reset", 3),
            failed(SAFE, "Flaky 2 500", 500, 1),
            lost(SAFE, "Flaky 2 reset", 1),
            busy("Flaky 5 503", 503, 1, 3),
            new Row(
                BOTH,
                "Reject 0x0422",
                new Expected(422, "upstream-rejected", "rejected", null, 200, "0x0422", 1)),
            malformed("Malformed"),
            malformed("Truncated"),
            malformed("Empty"),
            malformed("Html"),
            malformed("Huge"),
            malformed("Trailing"),
            malformed("NoLink"),
            malformed("Expiry 0"),
            malformed("Expiry 86401"),
            malformed("Status 204"),
            lost(TRANSIENT, "Reset", 3),
            lost(SAFE, "Reset", 1),
            lost(TRANSIENT, "ResetAfter", 3),
            lost(SAFE, "ResetAfter", 1),
            late("Hang"),
            late("Drip"),
            granted(BOTH, "Crossed", 1),
            granted(BOTH, "SandboxToken", 1),
            granted(BOTH, "Stale 300", 1),
            granted(BOTH, "Stale 700", 1),
            granted(BOTH, "Expiry 5", 1),
            granted(BOTH, "ExpiryText", 1),
            granted(BOTH, "ExpiryFloat", 1),
            granted(BOTH, "WrongHost", 1))
        .flatMap(
            row ->
                Stream.of(row.on().split(" "))
                    .map(on -> new Row(on, row.scenario(), row.expected())));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theCallerGetsWhatTheTableSays(Row row) {
    // Given
    RunningGateway gateway = gateways.get(row.on());
    Expected expected = row.expected();
    gateway.journal().clear();

    // When
    HttpRequest.Builder request = gateway.init(RunningGateway.body(row.scenario()));
    if (row.expected().status() == 504) {
      request.header("Prefer", "wait=1");
    }
    HttpResponse<String> response = gateway.send(request);

    // Then
    assertEquals(expected.status(), response.statusCode(), response.body());
    List<Journal.Entry> seen = gateway.journal().entries();
    assertEquals(expected.calls(), seen.size(), seen.toString());
    assertTrue(seen.stream().allMatch(entry -> entry.path().equals(RunningGateway.INIT)));
    JsonObject body = RunningGateway.json(response);
    assertEquals(
        response.headers().firstValue("X-Correlation-Id").get(), body.getString("correlationId"));
    if (expected.status() == 200) {
      assertCountdown(row.scenario(), body);
    } else {
      assertProblem(expected, response, body);
    }
  }

  private static void assertProblem(
      Expected expected, HttpResponse<String> response, JsonObject problem) {
    assertEquals(
        "application/problem+json", response.headers().firstValue("Content-Type").orElseThrow());
    assertEquals("/problems/" + expected.slug(), problem.getString("type"));
    assertEquals(expected.status(), problem.getInteger("status"));
    assertEquals(expected.outcome(), problem.getString("outcome"));
    assertEquals(expected.retryAfter(), problem.getInteger("retryAfterSeconds"));
    assertEquals(
        Optional.ofNullable(expected.retryAfter()).map(Object::toString),
        response.headers().firstValue("Retry-After"));
    JsonObject upstream = problem.getJsonObject("upstream");
    if (expected.upstreamStatus() == null) {
      assertNull(upstream);
    } else {
      assertEquals(expected.upstreamStatus(), upstream.getInteger("status"));
      assertEquals(expected.upstreamCode(), upstream.getString("code"));
      assertFalse(upstream.getString("message").isBlank());
    }
    assertEquals(
        expected.status() == 401, response.headers().firstValue("WWW-Authenticate").isPresent());
  }

  private static void assertCountdown(String scenario, JsonObject body) {
    assertEquals("SUCCESS", body.getString("status"));
    int remaining = body.getJsonObject("countdown").getInteger("remainingSeconds");
    int most =
        switch (scenario) {
          case "Stale 300" -> 300;
          case "Expiry 5" -> 5;
          default -> 600;
        };
    assertTrue(remaining <= most && remaining >= most - 4, scenario + ": " + remaining);
  }
}
