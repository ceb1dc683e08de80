package infopass.gateway;

import static infopass.gateway.RunningGateway.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.FaultProxy.Fault;
import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What goes wrong between the gateway and its partner: what the caller is told, after how long, how
 * often the partner was asked, that no connection is left, and that the next init succeeds.
 */
@Timeout(60)
class FaultMatrixIT {
  private static final int ATTEMPT_MILLIS = 500;
  private static final String QUICK =
      """
      infopass:
        timeouts: {connect: 1s, attempt: 1500ms, overall: 6s}
        retry: {maxAttempts: 1}
        circuitBreaker: {minimumCalls: 100000}
      """;

  private static Vertx vertx;
  private static Sandbox partner;
  private static FaultProxy proxy;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    partner = await(new Sandbox(vertx, SandboxOptions.defaults()).start());
    proxy = FaultProxy.before(partner.port());
    gateway = RunningGateway.startAgainst(proxy.uri(), QUICK);
    assertEquals(200, gateway.initFor("Test Kumar").statusCode());
  }

  @AfterAll
  static void stop() {
    gateway.close();
    proxy.close();
    await(vertx.close());
  }

  @ParameterizedTest
  @CsvSource(
      useHeadersInDisplayName = true,
      delimiter = '|',
      value = {
        "fault               | status | slug                 | outcome  | calls | from | to",
        "NONE                | 200    |                      |          | 1     | 0    | 5000",
        "REFUSE              | 502    | upstream-unreachable | not-sent | 0     | 0    | 5000",
        "RESET_BEFORE_BYTES  | 502    | upstream-failed      | unknown  | 0     | 0    | 5000",
        "RESET_AFTER_REQUEST | 502    | upstream-failed      | unknown  | 1     | 0    | 5000",
        "RESET_WITHIN_ANSWER | 502    | upstream-failed      | unknown  | 1     | 0    | 5000",
        "BLACK_HOLE          | 504    | deadline-exceeded    | unknown  | 0     | 1400 | 5000",
        "HALF_CLOSE          | 502    | upstream-failed      | unknown  | 1     | 0    | 5000",
        "DRIP                | 504    | deadline-exceeded    | unknown  | 1     | 1400 | 5000",
        "LATENCY             | 200    |                      |          | 1     | 200  | 5000",
        "GARBAGE             | 502    | upstream-malformed   | unknown  | 1     | 0    | 5000",
        "LENGTH_TOO_SHORT    | 502    | upstream-malformed   | unknown  | 1     | 0    | 5000",
        "LENGTH_TOO_LONG     | 502    | upstream-failed      | unknown  | 1     | 0    | 5000",
        "TWO_ANSWERS         | 200    |                      |          | 1     | 0    | 5000"
      })
  void tellsTheCallerTheTruthInTimeAndLeavesNothingBehind(
      Fault fault, int status, String slug, String outcome, long calls, long from, long to)
      throws InterruptedException {
    // Given
    long before = partner.journal().total();
    int connections = proxy.accepted();
    proxy.set(fault);

    // When
    long begun = System.nanoTime();
    HttpResponse<String> answer = gateway.initFor("Test Kumar");
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    proxy.set(Fault.NONE);

    // Then: what the caller gets
    assertEquals(status, answer.statusCode(), answer.body());
    JsonObject document = RunningGateway.json(answer);
    if (slug != null) {
      Problems.check(answer.body(), status, slug);
    }
    assertEquals(outcome, document.getString("outcome"));
    assertTrue(millis >= from && millis <= to, millis + " ms");

    // Then: what it cost, and what is left of it
    assertEquals(calls, partner.journal().total() - before);
    assertTrue(proxy.accepted() - connections <= 1, "one connection, or none");

    // Then: the next one is served, with an answer of its own
    HttpResponse<String> next = gateway.initFor("Test Kumar");
    assertEquals(200, next.statusCode(), next.body());
    assertNotEquals(document.getString("clientId", ""), clientId(next));
    assertEquals(0, proxy.openAfter(2_000), "connections left open");
  }

  private static String clientId(HttpResponse<String> answer) {
    return RunningGateway.json(answer)
        .getJsonObject("data", new JsonObject())
        .getString("clientId", answer.body());
  }

  @Test
  void aRetryGoesRoundALostConnectionAndCountsBothCalls() throws InterruptedException {
    try (RunningGateway retrying =
        RunningGateway.startAgainst(
            proxy.uri(), QUICK.replace("maxAttempts: 1", "maxAttempts: 2"))) {
      // Given
      long before = partner.journal().total();
      proxy.set(Fault.RESET_AFTER_REQUEST);

      // When
      HttpResponse<String> answer = retrying.initFor("Test Kumar");
      proxy.set(Fault.NONE);

      // Then
      assertEquals(502, answer.statusCode(), answer.body());
      assertEquals(2, partner.journal().total() - before);
      assertEquals(0, proxy.openAfter(2_000));
    }
  }

  @Test
  void aPartnerThatIsStartedAgainIsFoundAgain() {
    Sandbox first = await(new Sandbox(vertx, SandboxOptions.defaults()).start());
    int port = first.port();
    try (RunningGateway own = RunningGateway.startAgainst(first.baseUri(), QUICK)) {
      assertEquals(200, own.initFor("Test Kumar").statusCode());

      // When
      await(first.stop());
      HttpResponse<String> meanwhile = own.initFor("Test Kumar");

      // Then
      Problems.check(meanwhile.body(), 502, "upstream-unreachable");
      assertEquals("not-sent", RunningGateway.json(meanwhile).getString("outcome"));

      // When
      Sandbox again = await(new Sandbox(vertx, SandboxOptions.defaults().withPort(port)).start());

      // Then
      assertEquals(200, own.initFor("Test Kumar").statusCode());
      assertEquals(1, again.journal().total());
      await(again.stop());
    }
  }

  @Test
  void aNameThatNobodyKnowsIsUnreachable() {
    try (RunningGateway own =
        RunningGateway.startAgainst(URI.create("http://partner.invalid"), QUICK)) {
      long begun = System.nanoTime();
      assertUnreachable(own);
      assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) < 5_000);
    }
  }

  @ParameterizedTest
  @CsvSource({"expired", "elsewhere", "stranger"})
  void aCertificateThatIsNotRightIsUnreachable(String kind, @TempDir Path directory) {
    // Given
    TestCertificates certificates = new TestCertificates(directory);
    TestCertificates.Made made =
        switch (kind) {
          case "expired" -> certificates.expired(kind);
          case "elsewhere" -> certificates.elsewhere(kind);
          default -> certificates.loopback(kind);
        };
    // A stranger's certificate is right in itself, but nobody vouches for it.
    String trust =
        kind.equals("stranger") ? "" : "  tls: {trustCertificates: ['" + made.certificate() + "']}";
    PfxOptions shown =
        new PfxOptions().setPath(made.store().toString()).setPassword(TestCertificates.PASSWORD);
    try (RunningGateway own = RunningGateway.startWithTls(shown, QUICK + trust)) {
      assertUnreachable(own);
      assertEquals(0, own.journal().total());
      assertEquals(200, own.getManagement("/health/ready").statusCode());
    }
  }

  private static void assertUnreachable(RunningGateway own) {
    HttpResponse<String> answer = own.initFor("Test Kumar");
    Problems.check(answer.body(), 502, "upstream-unreachable");
    assertEquals("not-sent", RunningGateway.json(answer).getString("outcome"));
  }
}
