package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.bus.GatewayClient;
import infopass.gateway.bus.InitOptions;
import infopass.gateway.bus.InitReply;
import infopass.gateway.bus.InitRequest;
import infopass.gateway.bus.SessionEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Repetitions of one request, by its Idempotency-Key. */
class IdempotencyIT {
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start("infopass: {timeouts: {overall: 10s}}");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void forget() {
    gateway.journal().clear();
  }

  @Test
  void aRepetitionIsAnsweredWithoutACall() {
    // When
    HttpResponse<String> first = gateway.send(keyed("\"k-1\"", "Test Kumar"));
    HttpResponse<String> again = gateway.send(keyed("k-1", "Test Kumar"));

    // Then
    assertEquals(200, first.statusCode(), first.body());
    assertEquals(200, again.statusCode(), again.body());
    assertTrue(first.headers().firstValue("Idempotent-Replayed").isEmpty());
    assertEquals("true", again.headers().firstValue("Idempotent-Replayed").orElse(""));
    assertEquals(1, gateway.journal().total());
    JsonObject one = RunningGateway.json(first);
    JsonObject two = RunningGateway.json(again);
    assertEquals(one.getJsonObject("data"), two.getJsonObject("data"));
    assertNotEquals(one.getString("correlationId"), two.getString("correlationId"));
    assertEquals(
        one.getJsonObject("countdown").getString("expiresAt"),
        two.getJsonObject("countdown").getString("expiresAt"));
    assertTrue(again.headers().firstValue("Server-Timing").orElse("").startsWith("infopass;dur=0"));
  }

  @Test
  void aKeyWithAnotherBodyIsAMismatch() {
    // Given
    gateway.send(keyed("k-2", "Test Kumar"));

    // When
    HttpResponse<String> other = gateway.send(keyed("k-2", "Asha Rao"));

    // Then
    assertEquals(
        "not-sent", Problems.check(other, 422, "idempotency-mismatch").getString("outcome"));
    assertEquals(1, gateway.journal().total());
  }

  @Test
  void anotherCallerSharesNothing() {
    // Given
    String first = clientId(gateway.send(keyed("k-3", "Test Kumar")));

    // When
    HttpResponse<String> wrongPassword =
        gateway.send(
            keyed("k-3", "Test Kumar")
                .setHeader("Authorization", RunningGateway.basic("user", "other")));

    // Then
    assertNotEquals(first, clientId(wrongPassword));
    assertEquals(2, gateway.journal().total());
  }

  @Test
  void aThousandAtOnceMakeOneCall() throws Exception {
    // When
    List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      sent.add(gateway.sendAsync(keyed("k-4", "Slow 500").header("Prefer", "wait=9")));
    }

    // Then
    Set<String> clients = new HashSet<>();
    int joined = 0;
    for (CompletableFuture<HttpResponse<String>> each : sent) {
      HttpResponse<String> answer = each.get(30, TimeUnit.SECONDS);
      clients.add(clientId(answer));
      if (answer.headers().firstValue("Preference-Applied").isPresent()) {
        joined++;
        assertEquals("wait=9", answer.headers().firstValue("Preference-Applied").get());
        assertEquals("true", answer.headers().firstValue("Idempotent-Replayed").orElse(""));
      }
    }
    assertEquals(1, clients.size());
    assertEquals(1, gateway.journal().total());
    assertTrue(joined > 0, "nobody had to wait");
  }

  @Test
  void whoWillNotWaitIsTold() throws Exception {
    // Given
    Future<Void> taken = new Witness(gateway).taken("first-of-k-5");
    CompletableFuture<HttpResponse<String>> first =
        gateway.sendAsync(keyed("k-5", "Slow 800").header("X-Correlation-Id", "first-of-k-5"));
    RunningGateway.await(taken);

    // When
    HttpResponse<String> second = gateway.send(keyed("k-5", "Slow 800"));

    // Then
    Problems.check(second, 409, "idempotency-conflict");
    assertEquals(200, first.get(10, TimeUnit.SECONDS).statusCode());
    assertEquals(1, gateway.journal().total());
  }

  @Test
  void whoseWaitIsOverIsToldOnItsOwnEventLoop() throws Exception {
    // Given: HTTP/2, where an answer that comes from another thread cannot be watched over
    SelfSignedCertificate certificate = SelfSignedCertificate.create("localhost");
    String tls =
        "http: {host: 127.0.0.1, port: 0, tls: {certificate: %s, key: %s}}"
            .formatted(certificate.certificatePath(), certificate.privateKeyPath());
    LogWatch bugs = new LogWatch(line -> line.contains("unexpected failure"));
    try (bugs;
        RunningGateway secure = RunningGateway.start(tls)) {
      WebClientOptions http2 =
          new WebClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false);
      http2.setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2);
      io.vertx.ext.web.client.HttpRequest<Buffer> request =
          secure
              .keep(WebClient.create(secure.vertx(), http2))
              .post(secure.port(), "127.0.0.1", RunningGateway.INIT)
              .putHeader("Authorization", RunningGateway.basic("user", "pass"))
              .putHeader("Content-Type", "application/json")
              .putHeader("Idempotency-Key", "k-9");
      Buffer body = Buffer.buffer(RunningGateway.body("Slow 1500"));
      Future<Void> taken = new Witness(secure).taken("first-of-k-9");
      Future<io.vertx.ext.web.client.HttpResponse<Buffer>> first =
          request.copy().putHeader("X-Correlation-Id", "first-of-k-9").sendBuffer(body);
      RunningGateway.await(taken);

      // When
      io.vertx.ext.web.client.HttpResponse<Buffer> second =
          RunningGateway.await(request.copy().putHeader("Prefer", "wait=1").sendBuffer(body));

      // Then
      assertEquals(HttpVersion.HTTP_2, second.version());
      assertEquals(409, second.statusCode(), second.bodyAsString());
      assertEquals(200, RunningGateway.await(first).statusCode());
      assertEquals(1, secure.journal().total());
      assertEquals(List.of(), List.copyOf(bugs.kept()));
    } finally {
      certificate.delete();
    }
  }

  @Test
  void aCallLivesAsLongAsItsMostPatientParticipant() throws Exception {
    try (FakePartner partner = new FakePartner();
        RunningGateway one = RunningGateway.startAgainst(partner.uri(), "")) {
      // Given
      CompletableFuture<HttpResponse<String>> hasty =
          one.sendAsync(waiting(one, "wait=3", "hasty"));
      FakePartner.Held held = RunningGateway.await(partner.arrival("hasty"));
      CompletableFuture<HttpResponse<String>> patient =
          one.sendAsync(waiting(one, "wait=15", "patient"));

      // When
      JsonObject late = Problems.check(hasty.get(30, TimeUnit.SECONDS), 504, "deadline-exceeded");
      held.grant();

      // Then
      assertEquals("unknown", late.getString("outcome"));
      HttpResponse<String> answer = patient.get(30, TimeUnit.SECONDS);
      assertEquals(200, answer.statusCode(), answer.body());
      assertEquals("true", answer.headers().firstValue("Idempotent-Replayed").orElse(""));
      assertEquals(1, partner.received().size());
    }
  }

  private static HttpRequest.Builder waiting(RunningGateway by, String prefer, String id) {
    return by.init(RunningGateway.SEED)
        .header("Idempotency-Key", "k")
        .header("Prefer", prefer)
        .header("X-Correlation-Id", id);
  }

  @Test
  void anUnknownOutcomeIsNotForgottenForARepetitionThatIsNotSent() {
    String yaml = "infopass: {retry: {maxAttempts: 1}, pool: {size: 1, waitQueue: 0}}";
    try (FakePartner partner = new FakePartner();
        RunningGateway one = RunningGateway.startAgainst(partner.uri(), yaml)) {
      // Given
      CompletableFuture<HttpResponse<String>> lost = one.sendAsync(waiting(one, "wait=9", "lost"));
      RunningGateway.await(partner.arrival("lost")).reset();
      assertEquals(502, lost.orTimeout(30, TimeUnit.SECONDS).join().statusCode());

      // When
      Problems.check(one.send(waiting(one, "wait=0", "not-sent")), 504, "deadline-exceeded");

      // Then
      HttpRequest.Builder other =
          one.init(RunningGateway.body("Another Name")).header("Idempotency-Key", "k");
      Problems.check(one.send(other), 422, "idempotency-mismatch");
      CompletableFuture<HttpResponse<String>> again =
          one.sendAsync(waiting(one, "wait=9", "again"));
      RunningGateway.await(partner.arrival("again")).grant();
      assertEquals(200, again.orTimeout(30, TimeUnit.SECONDS).join().statusCode());
      assertTrue(
          one.getManagement("/metrics").body().contains("idempotency_possible_duplicates_total 1"));
    }
  }

  @Test
  void afterTheLinksEndItIsAFreshInit() {
    // Given
    HttpResponse<String> first = gateway.send(keyed("k-6", "Expiry 2"));
    Promise<Void> expired = Promise.promise();
    new GatewayClient(gateway.vertx())
        .onSession(
            SessionEvent.Kind.EXPIRED,
            session -> {
              if (session.clientId().equals(clientId(first))) {
                expired.tryComplete();
              }
            });

    // When
    RunningGateway.await(expired.future());
    HttpResponse<String> second = gateway.send(keyed("k-6", "Expiry 2"));

    // Then
    assertNotEquals(clientId(first), clientId(second));
    assertTrue(second.headers().firstValue("Idempotent-Replayed").isEmpty());
  }

  @Test
  void finalRefusalsAreRepeatedOthersAreAskedAgain() {
    for (String name : List.of("Reject 0x0422", "Status 409")) {
      gateway.journal().clear();
      HttpResponse<String> first = gateway.send(keyed("k-" + name.replace(" ", "-"), name));
      HttpResponse<String> again = gateway.send(keyed("k-" + name.replace(" ", "-"), name));
      Problems.check(first, 422, "upstream-rejected");
      assertEquals(
          "rejected", Problems.check(again, 422, "upstream-rejected").getString("outcome"));
      assertEquals("true", again.headers().firstValue("Idempotent-Replayed").orElse(""));
      assertEquals(1, gateway.journal().total(), name);
    }
    for (String name :
        List.of(
            "Malformed",
            "Status 501",
            "Status 402",
            "Reject 0x0402",
            "Reject 0x0429",
            "Reject 0x0500",
            "Reject 0x0503")) {
      gateway.journal().clear();
      gateway.send(keyed("k-" + name.replace(" ", "-"), name));
      HttpResponse<String> again = gateway.send(keyed("k-" + name.replace(" ", "-"), name));
      assertTrue(again.headers().firstValue("Idempotent-Replayed").isEmpty());
      assertEquals(2, gateway.journal().total(), name);
    }
  }

  @Test
  void aMalformedKeyIsToldBeforeTheBodyIsRead() {
    for (String key : List.of("\"open", "a b", "k".repeat(256))) {
      HttpResponse<String> answer = gateway.send(keyed(key, "Test Kumar"));
      JsonObject problem = Problems.check(answer, 400, "invalid-request");
      assertTrue(problem.getString("detail").contains("Idempotency-Key"), problem.encode());
      assertFalse(problem.encode().contains(key), problem.encode());
    }
    assertEquals(0, gateway.journal().total());
  }

  @Test
  void theBusHasTheSameRules() {
    // Given
    GatewayClient client = new GatewayClient(gateway.vertx());
    InitRequest person =
        new InitRequest("Slow 300", "a@b.in", "9876543210", "https://infopass.in", "Goa");
    InitOptions options =
        InitOptions.defaults().withIdempotencyKey("k-7").withTimeout(Duration.ofSeconds(8));

    // When
    Future<InitReply> one = client.init(person, options);
    Future<InitReply> two = client.init(person, options);
    String first = RunningGateway.await(one).clientId();

    // Then
    assertEquals(first, RunningGateway.await(two).clientId());
    assertEquals(first, RunningGateway.await(client.init(person, options)).clientId());
    assertNotEquals(
        first, RunningGateway.await(client.init(person, options.withCaller("else"))).clientId());
    assertEquals(2, gateway.journal().total());
  }

  private static HttpRequest.Builder keyed(String key, String name) {
    return gateway.init(RunningGateway.body(name)).header("Idempotency-Key", key);
  }

  private static String clientId(HttpResponse<String> response) {
    assertEquals(200, response.statusCode(), response.body());
    return RunningGateway.json(response).getJsonObject("data").getString("clientId");
  }
}
