package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import infopass.gateway.digilocker.Problem;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the management port measures, after a handful of requests. */
@Timeout(60)
class MetricsIT {
  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
  private static final Path CATALOGUE = Path.of("src/docs/metrics.md");
  private static final String DURATION = "http_server_request_duration_seconds";

  private static RunningGateway gateway;
  private static String text;
  private static Samples samples;
  private static final List<String> CLIENT_IDS = new ArrayList<>();

  @BeforeAll
  static void measureSomeRequests() throws Exception {
    gateway =
        RunningGateway.start(
            """
            infopass:
              username: own-account
              password: own-password
              retry: {backoff: {initial: 1ms, max: 2ms}, budget: {minPerSecond: 1000}}
            auth:
              mode: callers
              callers:
                - {id: shop, secretSha256: ["%s"]}
                - {id: bank, secretSha256: ["%s"]}
            """
                .formatted(sha256("shop-secret"), sha256("bank-secret")));
    HttpResponse<String> granted = send("shop", "Test Kumar", "corr-granted", "once-only-key");
    CLIENT_IDS.add(RunningGateway.json(granted).getJsonObject("data").getString("clientId"));
    assertEquals(200, send("shop", "Test Kumar", "corr-again", "once-only-key").statusCode());
    assertEquals(422, send("bank", "Reject 0x0422", "corr-rejected", "").statusCode());
    assertEquals(502, send("bank", "Malformed", "corr-malformed", "").statusCode());
    assertEquals(200, send("shop", "Flaky 1 503", "corr-flaky", "").statusCode());
    assertEquals(200, send("shop", "WrongHost", "corr-host", "").statusCode());
    assertEquals(
        401,
        gateway
            .send(
                gateway
                    .init(RunningGateway.SEED)
                    .setHeader("Authorization", RunningGateway.basic("stranger", "guess")))
            .statusCode());
    assertEquals(404, gateway.get("/private/path?who=kumar").statusCode());
    assertEquals(405, gateway.get(RunningGateway.INIT).statusCode());
    assertEquals(
        404,
        gateway
            .send(HttpRequest.newBuilder(gateway.uri("/x")).method("BREW", noBody()))
            .statusCode());
    assertEquals(200, gateway.get("/problems/circuit-open").statusCode());
    HttpResponse<String> answer = gateway.getManagement("/metrics");
    assertEquals(200, answer.statusCode());
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        answer.headers().firstValue("Content-Type").orElseThrow());
    text = answer.body();
    samples = Samples.of(text);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static HttpRequest.BodyPublisher noBody() {
    return HttpRequest.BodyPublishers.noBody();
  }

  private static HttpResponse<String> send(
      String caller, String scenario, String correlationId, String key) {
    HttpRequest.Builder request =
        gateway
            .init(RunningGateway.body(scenario))
            .setHeader("Authorization", RunningGateway.basic(caller, caller + "-secret"))
            .header("X-Correlation-Id", correlationId);
    return gateway.send(key.isEmpty() ? request : request.header("Idempotency-Key", key));
  }

  private static String sha256(String secret) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  private static double answers(String route, String method, String status, String slug) {
    return samples.value(
        DURATION + "_count",
        "http_route",
        route,
        "http_request_method",
        method,
        "http_response_status_code",
        status,
        "error_type",
        slug);
  }

  @Test
  void answersAreTimedByRouteMethodStatusAndSlug() {
    assertEquals(4, answers(RunningGateway.INIT, "POST", "200", ""));
    assertEquals(1, answers(RunningGateway.INIT, "POST", "422", "upstream-rejected"));
    assertEquals(1, answers(RunningGateway.INIT, "POST", "502", "upstream-malformed"));
    assertEquals(1, answers(RunningGateway.INIT, "POST", "401", "unauthenticated"));
    assertEquals(1, answers(RunningGateway.INIT, "GET", "405", "method-not-allowed"));
    assertEquals(1, answers("/problems/:slug", "GET", "200", ""));
    assertEquals(1, answers("none", "GET", "404", "not-found"));
    assertEquals(1, answers("none", "_OTHER", "404", "not-found"));
  }

  @Test
  void everyHistogramHasTheFixedBuckets() {
    for (String family :
        List.of(DURATION, "infopass_call_duration_seconds", "infopass_pool_wait_seconds")) {
      assertEquals("histogram", samples.types().get(family));
      Set<String> bounds =
          samples.all().stream()
              .filter(sample -> sample.name().equals(family + "_bucket"))
              .map(sample -> sample.labels().get("le"))
              .collect(Collectors.toSet());
      assertEquals(
          Set.of(
              ("0.001 0.002 0.005 0.01 0.02 0.05 0.1 0.2 0.5 1.0 2.0 5.0 10.0 20.0 +Inf")
                  .split(" ")),
          bounds);
    }
  }

  @Test
  void attemptsAreTimedByOutcomeAndNumber() {
    String count = "infopass_call_duration_seconds_count";
    assertEquals(2, samples.value(count, "outcome", "granted", "attempt", "1"));
    assertEquals(1, samples.value(count, "outcome", "granted", "attempt", "2"));
    // The one without a link, and the one that was busy once.
    assertEquals(2, samples.value(count, "outcome", "rejected", "attempt", "1"));
    assertEquals(1, samples.value(count, "outcome", "unknown", "attempt", "1"));
    assertEquals(0, samples.value(count, "outcome", "not_sent", "attempt", "3+"));
    assertEquals(1, samples.value("infopass_retries_total"));
    assertEquals(6, samples.value("infopass_pool_wait_seconds_count"));
    assertEquals(0, samples.value("infopass_pool_in_use"));
    assertEquals(128, samples.value("infopass_pool_size"));
    assertEquals(1, samples.value("gateway_token_findings_total", "finding", "link_host"));
  }

  @Test
  void onlyConfiguredCallersHaveALabel() {
    String name = "gateway_requests_by_caller_total";
    assertEquals(4, samples.value(name, "caller", "shop", "result", "granted"));
    assertEquals(0, samples.value(name, "caller", "shop", "result", "denied"));
    assertEquals(2, samples.value(name, "caller", "bank", "result", "denied"));
    assertEquals(0, samples.value(name, "caller", "other", "result", "granted"));
    assertEquals(6, samples.all().stream().filter(each -> each.name().equals(name)).count());
  }

  @Test
  void whatIsSharedIsShown() {
    assertEquals(1, samples.value("gateway_ready"));
    assertEquals(1, samples.value("infopass_circuit_state", "state", "closed"));
    assertEquals(0, samples.value("infopass_circuit_state", "state", "open"));
    assertEquals(0, samples.value("infopass_circuit_opened_total"));
    assertEquals(1, samples.value("infopass_pacer_state", "state", "free"));
    assertEquals(1, samples.value("idempotency_replays_total"));
    assertEquals(1, samples.value("idempotency_entries"));
    assertEquals(3, samples.value("gateway_sessions_live"));
    assertEquals(3, samples.value("gateway_session_events_total", "kind", "initiated"));
    assertEquals(4096, samples.value("gateway_inits_in_flight_limit"));
    assertTrue(samples.value("http_server_open_connections") >= 1);
    assertEquals(1, samples.value("gateway_build_info", "version", Main.version()));
    assertTrue(samples.value("process_cpu_seconds_total") > 0);
  }

  @Test
  void noLabelHoldsAnythingOfARequest() {
    // Given
    List<String> secrets =
        Stream.concat(
                CLIENT_IDS.stream(),
                Stream.of(
                    "kumar",
                    "gmail",
                    "965",
                    "infopass.in",
                    "uttar",
                    "corr-",
                    "once-only",
                    "secret",
                    "own-",
                    "stranger",
                    "guess",
                    "private",
                    "brew",
                    "token",
                    "?"))
            .toList();

    // When
    List<String> values =
        samples.all().stream()
            .filter(sample -> !sample.name().startsWith("jvm_"))
            .flatMap(sample -> sample.labels().values().stream())
            .map(value -> value.toLowerCase(Locale.ROOT))
            .filter(value -> !value.equals("token_format")) // The name of a finding.
            .distinct()
            .toList();

    // Then
    assertTrue(values.contains("shop"), values::toString);
    for (String value : values) {
      assertFalse(secrets.stream().anyMatch(value::contains), value);
    }
    Set<String> slugs =
        Arrays.stream(Problem.values()).map(Problem::slug).collect(Collectors.toSet());
    samples.all().stream()
        .map(sample -> sample.labels().getOrDefault("error_type", ""))
        .forEach(slug -> assertTrue(slug.isEmpty() || slugs.contains(slug), slug));
  }

  @Test
  void thePublicPortHasNone() {
    HttpResponse<String> answer = gateway.get("/metrics");
    assertEquals(404, answer.statusCode());
    assertFalse(answer.body().contains("# TYPE"));
  }

  @Test
  void manyWhoAskAtTheSameTimeAreAllAnswered() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> asked =
        Stream.generate(
                () -> gateway.sendAsync(HttpRequest.newBuilder(gateway.managementUri("/metrics"))))
            .limit(20)
            .toList();
    for (CompletableFuture<HttpResponse<String>> one : asked) {
      HttpResponse<String> answer = one.get(20, TimeUnit.SECONDS);
      assertEquals(200, answer.statusCode());
      assertTrue(answer.body().contains("gateway_ready 1.0"));
    }
  }

  @Test
  void theCatalogueIsWhatIsThere() throws IOException {
    // Given
    Map<String, String> documented = new TreeMap<>();
    for (String line : Files.readAllLines(CATALOGUE)) {
      if (line.startsWith("| `")) {
        String[] cells = line.split("\\|");
        assertTrue(cells.length == 5 && cells[4].strip().length() > 3, line);
        Set<String> labels =
            new TreeSet<>(Arrays.asList(cells[3].replaceAll("[`,]", "").split(" ")));
        labels.remove("");
        documented.put(cells[1].replace("`", "").strip(), cells[2].strip() + labels);
      }
    }

    // When
    Map<String, String> found = new TreeMap<>();
    samples.types().forEach((name, type) -> found.put(name, type + samples.labelsOf(name)));
    found.keySet().removeIf(name -> name.startsWith("jvm_") || name.startsWith("process_"));
    found
        .keySet()
        .removeIf(
            name ->
                name.endsWith("_max")
                    && "histogram".equals(samples.types().get(name.replaceFirst("_max$", ""))));

    // Then
    assertEquals(documented, found);
  }

  @Test
  void promtoolFindsNothingToSay() throws Exception {
    if (!Files.isExecutable(PROMTOOL)) {
      System.out.println("NOT CHECKED: " + PROMTOOL + " is not installed (package prometheus)");
    }
    assumeTrue(Files.isExecutable(PROMTOOL), "promtool is not installed");
    java.lang.Process check =
        new ProcessBuilder(PROMTOOL.toString(), "check", "metrics")
            .redirectErrorStream(true)
            .start();
    try (var in = check.getOutputStream()) {
      in.write(text.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(check.waitFor(20, TimeUnit.SECONDS));
    assertEquals("", said);
    assertEquals(0, check.exitValue());
  }
}
