package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.Journal;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One request, one name, everywhere: caller, answer, partner. */
class CorrelationIT {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";

  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void clearJournal() {
    gateway.journal().clear();
  }

  private static RawHttp.Answer send(RawInit request) {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      return connection.send(request.bytes()).answer();
    }
  }

  private static Journal.Entry onlyEntry() {
    List<Journal.Entry> entries = gateway.journal().entries();
    assertEquals(1, entries.size());
    return entries.get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "onboarding-42", "A.b_c:d-9"})
  void aValidIdIsInTheAnswerAndAtThePartner(String id) {
    // When
    RawHttp.Answer answer = send(RawInit.seed().with("X-Correlation-Id: " + id));

    // Then
    assertEquals(id, answer.header("X-Correlation-Id"));
    assertEquals(id, new JsonObject(answer.body()).getString("correlationId"));
    assertEquals(id, onlyEntry().correlationId());
  }

  @Test
  void anIdOf128CharactersIsTheLongest() {
    assertEquals(
        "x".repeat(128),
        send(RawInit.seed().with("X-Correlation-Id: " + "x".repeat(128)))
            .header("X-Correlation-Id"));
    assertEquals(
        32,
        send(RawInit.seed().with("X-Correlation-Id: " + "x".repeat(129)))
            .header("X-Correlation-Id")
            .length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zyxwvutsrq zyxwvutsrq",
        "zyxwvutsrq,zyxwvutsrq",
        "zyxwvutsrq/zyxwvutsrq",
        "<zyxwvutsrq>",
        "zyxwvutsrq\u00e9",
        "zyxwvutsrq\"",
        "zyxwvutsrq;a",
        "zyxwvutsrq\tzyxwvutsrq"
      })
  void anInvalidIdIsReplacedAndNeverEchoed(String id) {
    // When
    RawHttp.Answer answer = send(RawInit.seed().with("X-Correlation-Id: " + id));

    // Then
    String made = answer.header("X-Correlation-Id");
    assertTrue(made.matches("[0-9a-f]{32}"), made);
    assertFalse((answer.headers() + answer.body()).contains("zyxwvutsrq"));
    assertEquals(made, new JsonObject(answer.body()).getString("correlationId"));
    assertEquals(made, onlyEntry().correlationId());
  }

  @Test
  void twoIdsAreNone() {
    RawHttp.Answer answer =
        send(
            RawInit.seed()
                .with("X-Correlation-Id: zyxwvutsrq-1")
                .with("X-Correlation-Id: zyxwvutsrq-1"));
    assertFalse((answer.headers() + answer.body()).contains("zyxwvutsrq"));
  }

  @Test
  void aRefusalAndAProblemOfThePartnerCarryTheIdToo() {
    JsonObject refused =
        Problems.check(
            send(RawInit.seed().with("X-Correlation-Id: mine-1").body("{}")),
            400,
            "invalid-request");
    JsonObject failed =
        Problems.check(
            send(
                RawInit.seed()
                    .with("X-Correlation-Id: mine-2")
                    .body(RunningGateway.body("Reject 0x0422"))),
            422,
            "upstream-rejected");
    assertEquals("mine-1", refused.getString("correlationId"));
    assertEquals("mine-2", failed.getString("correlationId"));
    assertEquals("mine-2", onlyEntry().correlationId());
  }

  @Test
  void idsMadeHereAreUnique() {
    Set<String> ids = new HashSet<>();
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      for (int i = 0; i < 500; i++) {
        ids.add(
            connection
                .send("GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .answer()
                .header("X-Correlation-Id"));
      }
    }
    assertEquals(500, ids.size());
  }

  @Test
  void theTraceGoesOnWithAParentOfOurOwn() {
    // When
    send(RawInit.seed().with("traceparent: 00-" + TRACE + "-" + PARENT + "-01"));

    // Then
    String sent = onlyEntry().traceparent();
    assertTrue(sent.matches("00-" + TRACE + "-[0-9a-f]{16}-01"), sent);
    assertNotEquals(PARENT, sent.substring(36, 52));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff-" + TRACE + "-" + PARENT + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + PARENT + "-01",
        "rubbish"
      })
  void anInvalidTraceIsReplacedWhole(String header) {
    send(RawInit.seed().with("traceparent: " + header));
    assertNewTrace();
  }

  @Test
  void withoutATraceOrWithTwoANewOneStarts() {
    send(RawInit.seed());
    assertNewTrace();
    gateway.journal().clear();
    send(
        RawInit.seed()
            .with("traceparent: 00-" + TRACE + "-" + PARENT + "-01")
            .with("traceparent: 00-" + TRACE + "-" + PARENT + "-01"));
    assertNewTrace();
  }

  private static void assertNewTrace() {
    String sent = onlyEntry().traceparent();
    assertTrue(sent.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"), sent);
    assertFalse(sent.contains(TRACE));
  }

  @Test
  void thePartnerIsSentNoOtherHeaderOfTheCallers() {
    // When
    send(
        RawInit.seed()
            .with("Cookie: a=b")
            .with("tracestate: a=b")
            .with("X-Forwarded-For: 1.2.3.4")
            .with("Idempotency-Key: \"k\"")
            .with("Prefer: wait=9")
            .with("User-Agent: callers")
            .with("Accept-Encoding: gzip")
            .with("X-Secret: s"));

    // Then
    assertEquals(
        Set.of(
            "host",
            "accept-encoding",
            "content-length",
            "authorization",
            "content-type",
            "accept",
            "user-agent",
            "x-correlation-id",
            "traceparent"),
        Set.copyOf(onlyEntry().headers()));
    assertEquals("infopass-gateway", onlyEntry().userAgent());
  }
}
