package infopass.gateway.sandbox;

import static infopass.gateway.sandbox.Caller.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import infopass.gateway.sandbox.Caller.Answered;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
@Timeout(20)
class SandboxTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final String DATE = "Fri, 02 Jan 2026 03:04:05 GMT";

  private final AtomicLong nanos = new AtomicLong();
  private Vertx vertx;
  private Sandbox sandbox;
  private Caller caller;

  @BeforeEach
  void startWithDefaults(Vertx vertx) {
    this.vertx = vertx;
    start(options -> options);
  }

  private void start(UnaryOperator<SandboxOptions> change) {
    SandboxOptions options = change.apply(SandboxOptions.defaults().withInstances(2));
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    sandbox =
        await(new Sandbox(vertx, options, clock, nanos::get, new SplittableRandom(42)).start());
    caller = new Caller(vertx, sandbox);
  }

  @Test
  void anOrdinaryRequestIsAnsweredInThePartnersWords() {
    Answered answered = caller.init("Test Kumar");

    String clientId = answered.data().getString("clientId");
    String token = answered.data().getString("token");
    String expected =
        "{\"code\":\"0x0200\",\"message\":\"Record found successful.\",\"status\":\"SUCCESS\","
            + "\"data\":{\"clientId\":\""
            + clientId
            + "\",\"token\":\""
            + token
            + "\",\"url\":\"https://digilocker-sdk.notbot.in/?gateway=production&type=digilocker&token="
            + token
            + "&auth_type=web\",\"expirySeconds\":600}}";
    assertEquals(expected, answered.body().toString());
    assertTrue(clientId.matches("digilocker_[A-Za-z]{20}"), clientId);
    assertEquals(clientId, answered.token().clientId());
    assertEquals("production", answered.token().gateway());
    assertEquals(NOW.getEpochSecond(), answered.token().issuedAtSeconds());
    assertEquals("application/json", answered.headers().get("Content-Type"));
    assertEquals(DATE, answered.headers().get("Date"));
  }

  @Test
  void everyRequestGetsAClientIdOfItsOwn() {
    Set<String> ids = new HashSet<>();
    List<Future<Answered>> calls =
        IntStream.range(0, 200).mapToObj(i -> caller.sendInit("Test Kumar")).toList();
    await(Future.all(calls));
    calls.forEach(call -> ids.add(call.result().data().getString("clientId")));

    assertEquals(200, ids.size());
    assertEquals(200, sandbox.journal().total());
  }

  static Stream<Arguments> scenarios() {
    return Stream.of(
        scenario("Slow 30 Kumar", 200, a -> success(a)),
        scenario("Slower Kumar", 200, a -> success(a)),
        scenario("slow 99999", 200, a -> success(a)),
        scenario("Status 503", 503, a -> failure(a, "0x0503", null)),
        scenario("Status 429 7", 429, a -> failure(a, "0x0429", "7")),
        scenario("Status 400 Kumar", 400, a -> failure(a, "0x0400", null)),
        scenario("Status 999", 503, a -> failure(a, "0x0503", null)),
        scenario("Status", 503, a -> failure(a, "0x0503", null)),
        scenario("Status 204", 204, a -> assertEquals(0, a.body().length())),
        scenario("Reject 0x0409 Kumar", 200, a -> failure(a, "0x0409", null)),
        scenario("Reject \"", 200, a -> failure(a, "0x0422", null)),
        scenario("Malformed", 200, a -> assertThrows(DecodeException.class, a::json)),
        scenario("Truncated", 200, SandboxTest::truncated),
        scenario("Empty Kumar", 200, a -> assertEquals(0, a.body().length())),
        scenario("Html", 200, SandboxTest::html),
        scenario("Redirect", 302, a -> assertEquals("/moved", a.headers().get("Location"))),
        scenario("Crossed", 200, SandboxTest::crossed),
        scenario("SandboxToken", 200, a -> assertEquals("sandbox", a.token().gateway())),
        scenario("Stale 120", 200, a -> assertEquals(120, age(a))),
        scenario("Stale", 200, a -> assertEquals(300, age(a))),
        scenario("Expiry 5", 200, a -> assertEquals(5, expiry(a))),
        scenario("Expiry -1", 200, a -> assertEquals(-1, expiry(a))),
        scenario(
            "Expiry 600.0 Kumar", 200, a -> assertTrue(a.body().toString().contains(":600.0}"))),
        scenario("Expiry 99999999999", 200, a -> assertEquals(99_999_999_999L, expiry(a))),
        scenario("Expiry 6e2", 200, a -> assertTrue(a.body().toString().contains(":6e2}"))),
        scenario("Expiry 007", 200, a -> assertEquals(5, expiry(a))),
        scenario("Expiry 1,\"x\":2", 200, a -> assertEquals(5, expiry(a))),
        scenario("Expiry", 200, a -> assertEquals(5, expiry(a))),
        scenario("ExpiryText 90", 200, a -> assertEquals("90", expiry(a))),
        scenario("ExpiryFloat", 200, a -> assertEquals(600.0, expiry(a))),
        scenario("Huge", 200, a -> assertTrue(a.json().encode().length() > 64 * 1024)),
        scenario("Trailing", 200, a -> assertTrue(a.body().toString().contains("}}}{"))),
        scenario("NoLink", 200, a -> assertEquals("", a.data().getString("url"))),
        scenario("WrongHost", 200, SandboxTest::wrongHost),
        scenario("Drip 1", 200, a -> success(a)));
  }

  private static Arguments scenario(String name, int status, Consumer<Answered> check) {
    return arguments(name, status, check);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void aNameIsPlayedAsTheScenarioThatItBeginsWith(
      String name, int status, Consumer<Answered> check) {
    Answered answered = caller.init(name);

    assertEquals(status, answered.status());
    assertEquals(DATE, answered.headers().get("Date"));
    check.accept(answered);
  }

  private static void success(Answered answered) {
    assertEquals("SUCCESS", answered.json().getString("status"));
    assertEquals(answered.data().getString("clientId"), answered.token().clientId());
  }

  private static void failure(Answered answered, String code, String retryAfter) {
    JsonObject json = answered.json();
    assertEquals("FAILURE", json.getString("status"));
    assertEquals(code, json.getString("code"));
    assertFalse(json.getString("message").isEmpty());
    assertEquals(retryAfter, answered.headers().get("Retry-After"));
  }

  private static void truncated(Answered answered) {
    assertThrows(DecodeException.class, answered::json);
    assertTrue(answered.body().toString().startsWith("{\"code\":\"0x0200\""));
    assertEquals(
        Integer.toString(answered.body().length()), answered.headers().get("Content-Length"));
  }

  private static void html(Answered answered) {
    assertTrue(answered.headers().get("Content-Type").startsWith("text/html"));
    assertTrue(answered.body().toString().startsWith("<!DOCTYPE html>"));
  }

  private static void crossed(Answered answered) {
    assertNotEquals(answered.data().getString("clientId"), answered.token().clientId());
    assertTrue(answered.data().getString("url").contains(answered.data().getString("token")));
  }

  private static void wrongHost(Answered answered) {
    String url = answered.data().getString("url");
    assertTrue(url.startsWith("https://evil.example/?"), url);
  }

  private static long age(Answered answered) {
    return NOW.getEpochSecond() - answered.token().issuedAtSeconds();
  }

  private static Object expiry(Answered answered) {
    return answered.data().getValue("expirySeconds");
  }

  @ParameterizedTest
  @CsvSource({
    "Status503, Status, 503",
    "Status429 7, Status, 429",
    "'Status   402   Kumar', Status, 402",
    "'Status,', Status, 503",
    "Status-7, Status, 503",
    "Slow1, Slow, 200",
    "Malformed-7, Malformed, 200",
    "'Html, please', Html, 200",
    "ExpiryFloat5, ExpiryFloat, 200",
  })
  void aScenariosWordEndsWhereItsLettersDo(String name, String scenario, int status) {
    assertEquals(status, caller.init(name).status());
    assertEquals(scenario, sandbox.journal().entries().get(0).scenario());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Emptyson",
        "Hangal Rao",
        "Htmlia",
        "MalformedX",
        "Slower",
        "Statusé 503",
        "Resetter",
        "ResetAfterall",
        " Hang",
        "Kumar Hang",
        "status 503",
        "503",
      })
  void aPersonsNameIsNoScenarioForBeginningLikeOne(String name) {
    success(caller.init(name));
    assertNull(sandbox.journal().entries().get(0).scenario());
  }

  @Test
  void theLongerOfTwoWordsIsPlayed() {
    assertThrows(Exception.class, () -> caller.init("ResetAfter"));
    assertThrows(Exception.class, () -> caller.init("Reset,"));

    assertEquals(
        List.of("ResetAfter", "Reset"),
        sandbox.journal().entries().stream().map(Journal.Entry::scenario).toList());
  }

  @Test
  void aNumberAsLongAsTheGatewayTakesIsTaken() {
    String body = Caller.body("Test Kumar").replaceFirst("}$", ",\"n\":" + "7".repeat(5_000) + "}");

    assertEquals(200, caller.init(body, Map.of("Authorization", Caller.AUTHORIZATION)).status());
  }

  @Test
  void aFlakyBodyFailsAsOftenAsItSaysThenSucceedsAndStartsAnew() {
    List<Integer> statuses =
        IntStream.range(0, 6).mapToObj(i -> caller.init("Flaky 2 502").status()).toList();

    assertEquals(List.of(502, 502, 200, 502, 502, 200), statuses);
  }

  @Test
  void flakyBodiesAreCountedApart() {
    assertEquals(503, caller.init("Flaky 1 503 A").status());
    assertEquals(503, caller.init("Flaky 1 503 B").status());
    assertEquals(200, caller.init("Flaky 1 503 A").status());
    assertEquals(200, caller.init("Flaky 1 503 B").status());
  }

  @Test
  void onlyTheBodiesFailedLastAreRemembered() {
    FlakyCounts counts = new FlakyCounts(2);
    byte[] first = {1};

    assertTrue(counts.failsNow(first, 1));
    assertTrue(counts.failsNow(new byte[] {2}, 1));
    assertTrue(counts.failsNow(new byte[] {3}, 1));
    assertTrue(counts.failsNow(first, 1));
    assertFalse(counts.failsNow(first, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer abc",
        "Basic",
        "Basic ***",
        "Basic c2FuZGJveA==", // no colon
        "Basic OnNhbmRib3g=", // :sandbox
        "Basic ZGVuaWVkOng=", // denied:x
      })
  void credentialsThatAreNoneOrDeniedAreUnauthorized(String authorization) {
    Map<String, String> headers =
        authorization.isEmpty() ? Map.of() : Map.of("Authorization", authorization);

    Answered answered = caller.init(Caller.body("Test Kumar"), headers);

    assertEquals(401, answered.status());
    failure(answered, "0x0401", null);
    assertTrue(answered.headers().get("WWW-Authenticate").startsWith("Basic "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "no json",
        "{\"name\":\"Test\"}",
        "{\"name\":5,\"email\":\"\",\"mobile\":\"\",\"redirectUrl\":\"\",\"state\":\"\"}",
        "{\"email\":\"\",\"mobile\":\"\",\"redirectUrl\":\"\",\"state\":\"\",\"x\":{\"name\":\"T\"}}"
      })
  void aBodyThatIsNoRequestIsUnprocessable(String body) {
    Answered answered = caller.init(body, Map.of("Authorization", Caller.AUTHORIZATION));

    assertEquals(422, answered.status());
    failure(answered, "0x0422", null);
  }

  @Test
  void aBodyBeyondTheLimitIsRefused() {
    Answered answered = caller.init("x".repeat(64 * 1024 + 1));

    assertEquals(413, answered.status());
    failure(answered, "0x0413", null);
    assertEquals("413", sandbox.journal().entries().get(0).answer());
  }

  @Test
  void anythingElseIsNotFoundButNoted() {
    Answered answered = caller.call(HttpMethod.GET, SandboxRoutes.INIT + "?secret=1");

    assertEquals(404, answered.status());
    failure(answered, "0x0404", null);
    assertEquals(DATE, answered.headers().get("Date"));
    assertEquals(SandboxRoutes.INIT, sandbox.journal().entries().get(0).path());
  }

  @Test
  void requestsBeyondTheQuotaAreToldWhenToComeBack() {
    // Given
    start(options -> options.withQuota(SandboxOptions.Quota.parse("2/60s")));
    assertEquals(200, caller.init("Test Kumar").status());
    assertEquals(200, caller.init("Test Kumar").status());
    nanos.addAndGet(Duration.ofMillis(17_300).toNanos());

    // When
    Answered refused = caller.init("Test Kumar");

    // Then
    assertEquals(429, refused.status());
    failure(refused, "0x0429", "43");
    nanos.addAndGet(Duration.ofSeconds(43).toNanos());
    assertEquals(200, caller.init("Test Kumar").status());
  }

  @Test
  void theFailRateIsTheShareOfRequestsThatFail() {
    start(options -> options.withFailRate(0.25));

    List<Future<Answered>> calls =
        IntStream.range(0, 400).mapToObj(i -> caller.sendInit("Test Kumar")).toList();
    await(Future.all(calls));

    long failed = calls.stream().filter(call -> call.result().status() == 500).count();
    assertTrue(failed > 60 && failed < 140, failed + " of 400");
  }

  @Test
  void theLatencyHoldsForFailuresToo() {
    start(options -> options.withLatency(Duration.ofMillis(30)));

    long startedAt = System.nanoTime();
    assertEquals(401, caller.init(Caller.body("Test Kumar"), Map.of()).status());

    assertTrue(System.nanoTime() - startedAt >= 29_000_000L);
  }

  @Test
  void theExpiryCanBeSetForAll() {
    start(options -> options.withExpirySeconds(1800));

    assertEquals(1800, expiry(caller.init("Test Kumar")));
  }

  @Test
  void theJournalTellsWhatWasReceivedWithoutSecrets() {
    // Given
    Map<String, String> headers =
        Map.of(
            "Authorization",
            Caller.AUTHORIZATION,
            "X-Correlation-Id",
            "c-1",
            "traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "User-Agent",
            "test/1");
    Answered answered = caller.init(Caller.body("Slow 1 Kumar"), headers);

    // When
    Answered journal = caller.call(HttpMethod.GET, SandboxRoutes.JOURNAL);

    // Then
    assertEquals(200, journal.status());
    assertEquals(1, journal.body().toJsonArray().size());
    JsonObject entry = journal.body().toJsonArray().getJsonObject(0);
    assertEquals(NOW.toString(), entry.getString("at"));
    assertEquals("POST", entry.getString("method"));
    assertEquals(SandboxRoutes.INIT, entry.getString("path"));
    assertEquals("HTTP/1.1", entry.getString("protocol"));
    assertEquals("c-1", entry.getString("correlationId"));
    assertEquals(headers.get("traceparent"), entry.getString("traceparent"));
    assertEquals("test/1", entry.getString("userAgent"));
    assertEquals("200", entry.getString("answer"));
    assertEquals("Slow", entry.getString("scenario"));
    assertEquals(answered.data().getString("clientId"), entry.getString("clientId"));
    assertEquals(
        Set.of(
            "authorization",
            "x-correlation-id",
            "traceparent",
            "user-agent",
            "host",
            "content-length"),
        entry.getJsonArray("headers").stream().collect(Collectors.toSet()));
    assertFalse(entry.containsKey("body"));
    String text = journal.body().toString();
    assertFalse(text.contains("c2FuZGJveD") || text.contains("Kumar"), text);
  }

  @Test
  void aNameThatIsNoScenarioLeavesNoTraceInTheJournal() {
    caller.init("Test Kumar");

    Journal.Entry entry = sandbox.journal().entries().get(0);
    assertNull(entry.scenario());
    assertNull(entry.body());
    assertNull(entry.correlationId());
  }

  @Test
  void theJournalKeepsBodiesIfAskedTo() {
    start(options -> options.withJournalBodies(true));

    caller.init("Test Kumar");

    assertEquals(Caller.body("Test Kumar"), sandbox.journal().entries().get(0).body());
    assertFalse(sandbox.journal().entries().toString().contains("Kumar"));
    Answered journal = caller.call(HttpMethod.GET, SandboxRoutes.JOURNAL);
    assertTrue(journal.body().toString().contains("Test Kumar"));
  }

  @Test
  void theJournalKeepsTheLatestAndCountsAll() {
    start(options -> options.withJournalCapacity(2));

    List.of("Test", "Status 500", "Reject").forEach(caller::init);

    List<Journal.Entry> entries = sandbox.journal().entries();
    assertEquals(List.of("500", "200"), entries.stream().map(Journal.Entry::answer).toList());
    assertEquals(2, sandbox.journal().size());
    assertEquals(3, sandbox.journal().total());
  }

  @Test
  void theJournalCanBeCleared() {
    caller.init("Test Kumar");

    assertEquals(204, caller.call(HttpMethod.DELETE, SandboxRoutes.JOURNAL).status());

    assertEquals(0, sandbox.journal().total());
    assertEquals("[]", caller.call(HttpMethod.GET, SandboxRoutes.JOURNAL).body().toString());
  }

  @Test
  void twoSandboxesOfOneVertxKeepApart() {
    Sandbox first = sandbox;
    start(options -> options);

    IntStream.range(0, 10).forEach(i -> caller.init("Test Kumar"));

    assertNotEquals(first.port(), sandbox.port());
    assertEquals(0, first.journal().total());
    assertEquals(10, sandbox.journal().total());
  }

  @Test
  void aStoppedSandboxIsNotThereAnyMore() {
    await(sandbox.stop());
    await(sandbox.stop());

    assertThrows(IllegalStateException.class, () -> caller.init("Test Kumar"));
  }
}
