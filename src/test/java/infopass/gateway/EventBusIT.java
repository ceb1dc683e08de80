package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.bus.Addresses;
import infopass.gateway.sandbox.Journal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The event-bus door: the rules and the answers of the HTTP door. */
class EventBusIT {
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start("infopass: {retry: {maxAttempts: 1}}");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void clearJournal() {
    gateway.journal().clear();
  }

  private static JsonObject seed() {
    return new JsonObject(RunningGateway.SEED);
  }

  private static DeliveryOptions headers(String... pairs) {
    DeliveryOptions options = new DeliveryOptions().setSendTimeout(10_000);
    for (int i = 0; i < pairs.length; i += 2) {
      options.addHeader(pairs[i], pairs[i + 1]);
    }
    return options;
  }

  private static Message<Object> ask(RunningGateway to, Object body, DeliveryOptions options)
      throws ReplyException {
    try {
      return to.vertx()
          .eventBus()
          .<Object>request(Addresses.INIT, body, options)
          .toCompletionStage()
          .toCompletableFuture()
          .get(15, TimeUnit.SECONDS);
    } catch (ExecutionException | CompletionException e) {
      if (e.getCause() instanceof ReplyException refusal) {
        throw refusal;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonObject granted(Object body, String... headers) {
    return (JsonObject) ask(gateway, body, headers(headers)).body();
  }

  private static JsonObject refused(
      RunningGateway by, Object body, int status, String slug, String... headers) {
    try {
      Object reply = ask(by, body, headers(headers)).body();
      throw new AssertionError("not refused: " + reply);
    } catch (ReplyException refusal) {
      assertEquals(ReplyFailure.RECIPIENT_FAILURE, refusal.failureType(), refusal.toString());
      assertEquals(status, refusal.failureCode(), refusal.getMessage());
      return Problems.check(refusal.getMessage(), status, slug);
    }
  }

  private static JsonObject refused(Object body, int status, String slug, String... headers) {
    return refused(gateway, body, status, slug, headers);
  }

  private static Journal.Entry onlyEntry() {
    List<Journal.Entry> entries = gateway.journal().entries();
    assertEquals(1, entries.size());
    return entries.get(0);
  }

  @Test
  void initsOverTheBusAreInTheMetricsAndOnTheOperationsPage() {
    try (RunningGateway own = RunningGateway.start("infopass: {retry: {maxAttempts: 1}}")) {
      // When
      ask(own, seed(), headers());
      for (int i = 0; i < 3; i++) {
        refused(own, seed().put("name", "Status 500"), 502, "upstream-failed");
      }

      // Then
      String metrics = own.getManagement("/metrics").body();
      String count = "gateway_init_duration_seconds_count{error_type=\"";
      assertTrue(metrics.contains(count + "\",transport=\"event_bus\"} 1"), metrics);
      assertTrue(metrics.contains(count + "upstream-failed\",transport=\"event_bus\"} 3"), metrics);
      Until.holds(
          () -> {
            JsonObject state = new JsonObject(own.getManagement("/operations/state").body());
            return state.getJsonObject("traffic").getJsonArray("inits").stream()
                    .mapToInt(second -> (Integer) second)
                    .sum()
                == 4;
          });
    }
  }

  @Test
  void theReplyHasTheShapeOfTheHttpAnswer() {
    // When
    JsonObject reply = granted(seed());
    JsonObject answer = RunningGateway.json(gateway.initFor("Test Kumar"));

    // Then
    assertEquals(answer.fieldNames(), reply.fieldNames());
    for (String object : List.of("data", "countdown")) {
      assertEquals(
          answer.getJsonObject(object).fieldNames(), reply.getJsonObject(object).fieldNames());
    }
    assertEquals(200, gateway.get(reply.getJsonObject("countdown").getString("url")).statusCode());
  }

  @Test
  void theHeadersCarryTheCorrelationIdAndTheTrace() {
    // Given
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    // When
    JsonObject reply =
        granted(
            seed(),
            "correlationId",
            "bus-42",
            "traceparent",
            "00-" + trace + "-00f067aa0ba902b7-01",
            "caller",
            "kyc");

    // Then
    assertEquals("bus-42", reply.getString("correlationId"));
    assertEquals("bus-42", onlyEntry().correlationId());
    assertTrue(onlyEntry().traceparent().matches("00-" + trace + "-[0-9a-f]{16}-01"));
    assertFalse(onlyEntry().traceparent().contains("00f067aa0ba902b7"));
  }

  @Test
  void anInvalidCorrelationIdIsReplaced() {
    assertTrue(
        granted(seed(), "correlationId", "a b").getString("correlationId").matches("[0-9a-f]{32}"));
    assertEquals(
        "mine",
        refused(new JsonObject(), 400, "invalid-request", "correlationId", "mine")
            .getString("correlationId"));
  }

  @Test
  void unknownMembersReachThePartner() {
    try (BarePartner partner = BarePartner.granting("digilocker_1");
        RunningGateway own = RunningGateway.startAgainst(partner.uri(), "")) {
      // When
      ask(own, seed().put("extra", new JsonArray().add(1).addNull()), headers());

      // Then
      assertEquals(
          seed().put("extra", new JsonArray().add(1).addNull()),
          new JsonObject(partner.received().get(0).body()));
    }
  }

  @Test
  void theGatewaysOwnCredentialsAreUsedUnlessTheConsumerBringsSome() {
    try (BarePartner partner = BarePartner.granting("digilocker_1");
        RunningGateway own = RunningGateway.startAgainst(partner.uri(), "")) {
      // When
      ask(own, seed(), headers());
      ask(own, seed(), headers("authorization", RunningGateway.basic("alice", "pw")));

      // Then
      assertEquals(
          List.of(RunningGateway.basic("sandbox", "sandbox"), RunningGateway.basic("alice", "pw")),
          partner.received().stream().map(BarePartner.Received::authorization).toList());
    }
  }

  @Test
  void withNeitherItIs401() {
    try (RunningGateway bare = RunningGateway.start("infopass: {username: \"\"}")) {
      // Then
      JsonObject problem = refused(bare, seed(), 401, "unauthenticated");
      assertEquals("not-sent", problem.getString("outcome"));
      assertEquals(0, bare.journal().total());
      ask(bare, seed(), headers("authorization", RunningGateway.basic("a", "b")));
      assertEquals(1, bare.journal().total());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer x", "Basic", "Basic !", "Basic dQ=="})
  void malformedCredentialsAreNotReplacedByTheGatewaysOwn(String authorization) {
    refused(seed(), 401, "unauthenticated", "authorization", authorization);
    assertEquals(0, gateway.journal().total());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\u2028", "\u3000", "\u00a0", "\u001c", "\f"})
  void credentialsThatAreNoFieldValueAreNotSentAndDoNotCountAgainstThePartner(String tail) {
    try (RunningGateway strict =
        RunningGateway.start(
            "infopass: {circuitBreaker: {minimumCalls: 2, window: 60s, openFor: 60s}}")) {
      String basic = RunningGateway.basic("alice", "pw");
      for (int i = 0; i < 3; i++) {
        for (String value : List.of(basic + tail, basic.replace(" ", " " + tail))) {
          JsonObject problem =
              refused(strict, seed(), 401, "unauthenticated", "authorization", value);
          assertEquals("not-sent", problem.getString("outcome"));
        }
      }
      assertEquals(0, strict.journal().total());
      assertEquals(200, strict.initFor("Test Kumar").statusCode());
    }
  }

  @Test
  void bodiesThatAreNoJsonObjectsAreRefused() {
    for (Object body :
        List.of("text", RunningGateway.SEED, 42, true, new JsonArray(), Buffer.buffer("{}"))) {
      refused(body, 400, "invalid-request");
    }
    refused(null, 400, "invalid-request");
    assertEquals(0, gateway.journal().total());
  }

  @Test
  void aBodyThatJsonCannotSpellIsRefusedAtOnce() {
    refused(seed().put("name", "half \ud83d"), 400, "malformed-json");
    refused(seed().put("else", new JsonArray().add("\ude00")), 400, "malformed-json");
    assertEquals(0, gateway.journal().total());
  }

  @Test
  void theRulesOfTheBodyHold() {
    // When
    JsonObject problem =
        refused(
            new JsonObject().put("name", "").put("email", "secret-value").put("mobile", 1),
            400,
            "invalid-request");

    // Then
    Set<String> pointers =
        problem.getJsonArray("errors").stream()
            .map(fault -> ((JsonObject) fault).getString("pointer"))
            .collect(Collectors.toSet());
    assertEquals(Set.of("#/name", "#/email", "#/mobile", "#/redirectUrl", "#/state"), pointers);
    assertFalse(problem.encode().contains("secret-value"));
    refused(seed().put("x", "p".repeat(17 * 1024)), 413, "body-too-large");
    JsonObject deep = new JsonObject();
    for (int i = 0; i < 40; i++) {
      deep = new JsonObject().put("d", deep);
    }
    refused(seed().put("deep", deep), 400, "malformed-json");
    assertEquals(0, gateway.journal().total());
  }

  @Test
  void theAllowListHolds() {
    try (RunningGateway strict = RunningGateway.start("init: {redirectHosts: [good.in]}")) {
      JsonObject problem = refused(strict, seed(), 403, "redirect-not-allowed");
      assertEquals(
          "#/redirectUrl", problem.getJsonArray("errors").getJsonObject(0).getString("pointer"));
      ask(strict, seed().put("redirectUrl", "https://good.in/x"), headers());
      assertEquals(1, strict.journal().total());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Reject 0x0422,422,upstream-rejected,rejected",
    "Status 422,422,upstream-rejected,rejected",
    "Status 500,502,upstream-failed,unknown",
    "Status 503,503,upstream-busy,rejected",
    "Status 429 7,503,upstream-busy,rejected",
    "Status 302,502,upstream-failed,unknown",
    "Malformed,502,upstream-malformed,unknown",
    "Reset,502,upstream-failed,unknown"
  })
  void failuresOfThePartnerAreTheProblemsOfTheHttpDoor(
      String name, int status, String slug, String outcome) {
    JsonObject problem = refused(seed().put("name", name), status, slug);
    assertEquals(outcome, problem.getString("outcome"));
  }

  @Test
  void credentialsThatThePartnerRefusesAre401() {
    refused(seed(), 401, "unauthenticated", "authorization", RunningGateway.basic("denied", "x"));
  }

  @Test
  void theTruthfulWaitIsInTheProblem() {
    assertEquals(
        7,
        refused(seed().put("name", "Status 429 7"), 503, "upstream-busy")
            .getInteger("retryAfterSeconds"));
  }

  /** A machine that stalls can eat the head start of the answer: then once more. */
  private ReplyException refusedInTime(
      JsonObject body, DeliveryOptions options, AtomicInteger asked) {
    ReplyException refusal = null;
    for (int tries = 0; tries < 5; tries++) {
      asked.incrementAndGet();
      refusal = assertThrows(ReplyException.class, () -> ask(gateway, body, options));
      if (refusal.failureType() != ReplyFailure.TIMEOUT) {
        break;
      }
    }
    return refusal;
  }

  @Test
  void theSendTimeoutIsTheDeadline() {
    // Given
    JsonObject hangs = seed().put("name", "Hang");
    DeliveryOptions bare = new DeliveryOptions().setSendTimeout(1_500);
    DeliveryOptions own = new DeliveryOptions().setSendTimeout(1_000).addHeader("caller", "kyc");

    // When, Then
    AtomicInteger asked = new AtomicInteger();
    for (DeliveryOptions options : List.of(bare, own, own)) {
      ReplyException refusal = refusedInTime(hangs, options, asked);
      assertEquals(ReplyFailure.RECIPIENT_FAILURE, refusal.failureType(), refusal.toString());
      assertEquals(504, refusal.failureCode());
      assertEquals(
          "unknown",
          Problems.check(refusal.getMessage(), 504, "deadline-exceeded").getString("outcome"));
    }
    assertEquals(asked.get(), gateway.journal().total(), "it is not sent again");
    assertEquals(List.of("caller"), List.copyOf(own.getHeaders().names()), "the sender's own");
  }

  @Test
  void aTimeoutThatIsSaidStands() {
    JsonObject hangs = seed().put("name", "Hang");

    assertEquals(
        "unknown",
        refused(hangs, 504, "deadline-exceeded", "timeoutMillis", "400").getString("outcome"));
  }

  @Test
  void theSendTimeoutNeverRaisesTheDeadline() {
    try (RunningGateway own =
        RunningGateway.start("infopass: {timeouts: {attempt: 300ms, overall: 300ms}}")) {
      refused(own, seed().put("name", "Hang"), 504, "deadline-exceeded");
    }
  }

  @Test
  void aRepetitionWaitsForTheRequestThatStillRuns() {
    // Given
    JsonObject slow = seed().put("name", "Slow 800");
    Future<Void> taken = new Witness(gateway).taken("bus-first");
    Future<Message<JsonObject>> first =
        gateway
            .vertx()
            .eventBus()
            .request(
                Addresses.INIT,
                slow,
                headers("correlationId", "bus-first", "idempotencyKey", "bus-k-1"));
    RunningGateway.await(taken);

    // When
    Message<Object> second = ask(gateway, slow, headers("idempotencyKey", "bus-k-1"));

    // Then
    assertEquals("true", second.headers().get("idempotentReplayed"));
    assertEquals(
        RunningGateway.await(first).body().getJsonObject("data"),
        ((JsonObject) second.body()).getJsonObject("data"));
    assertEquals(1, gateway.journal().total());
  }

  @Test
  void whatIsNoInitRequestPassesAsItIs() {
    // Given
    Promise<Message<Object>> heard = Promise.promise();
    gateway.vertx().eventBus().consumer("elsewhere", heard::tryComplete);

    // When
    gateway.vertx().eventBus().request("elsewhere", "text", headers());
    gateway.vertx().eventBus().send(Addresses.INIT, seed());

    // Then
    assertTrue(RunningGateway.await(heard.future()).headers().isEmpty());
  }

  @Test
  void theConsumersAreThereBeforeTheGatewayIsReady() {
    for (int i = 0; i < 3; i++) {
      try (RunningGateway fresh = RunningGateway.start()) {
        ask(fresh, seed(), headers());
      }
    }
  }
}
