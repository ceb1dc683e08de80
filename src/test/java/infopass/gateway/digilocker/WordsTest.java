package infopass.gateway.digilocker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Correlation ids, trace contexts, problems: the words that callers see. */
class WordsTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";

  private final RandomGenerator random = new SplittableRandom(42);

  // --- Correlation ids

  @ParameterizedTest
  @ValueSource(strings = {"a", "onboarding-42", "A.b_c:d-9", "-", "0"})
  void keepsAValidCorrelationId(String id) {
    assertEquals(id, CorrelationIds.givenOrNew(id, random));
    assertEquals(id.repeat(128 / id.length()), newOr(id.repeat(128 / id.length())));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "", " ", "a b", "a/b", "a\"b", "a\nb", "\u00e9", "a,b", "<a>", "a;b", "a%20", "a\0"
      })
  void replacesAnInvalidCorrelationId(String id) {
    assertTrue(newOr(id).matches("[0-9a-f]{32}"));
  }

  @Test
  void replacesACorrelationIdThatIsTooLong() {
    assertEquals("x".repeat(128), newOr("x".repeat(128)));
    assertNotEquals("x".repeat(129), newOr("x".repeat(129)));
  }

  @Test
  void madeCorrelationIdsDiffer() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(newOr(null));
    }
    assertEquals(10_000, ids.size());
  }

  private String newOr(String id) {
    return CorrelationIds.givenOrNew(id, random);
  }

  // --- Trace contexts

  @ParameterizedTest
  @CsvSource({"00,00", "01,01", "03,01", "fe,00", "ff,01"})
  void keepsTheTraceAndOnlyTheFlagThatLevel1Knows(String given, String kept) {
    // When
    TraceParent parsed =
        TraceParent.parse("00-" + TRACE + "-" + PARENT + "-" + given).orElseThrow();
    TraceParent next = parsed.next(random);

    // Then
    assertEquals(PARENT, parsed.parentId());
    assertEquals(TRACE, next.traceId());
    assertNotEquals(PARENT, next.parentId());
    assertTrue(next.header().matches("00-" + TRACE + "-[0-9a-f]{16}-" + kept), next.header());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cc", "01", "fe"})
  void readsLaterVersionsAsTheFirst(String version) {
    String header = version + "-" + TRACE + "-" + PARENT + "-01";
    assertTrue(TraceParent.parse(header).isPresent());
    assertTrue(TraceParent.parse(header + "-more").isPresent());
    assertTrue(TraceParent.parse(header + "more").isEmpty());
    assertTrue(TraceParent.parse(header).get().header().startsWith("00-" + TRACE));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "00",
        "00-" + TRACE + "-" + PARENT,
        "00-" + TRACE + "-" + PARENT + "-",
        "00-" + TRACE + "-" + PARENT + "-1",
        "00-" + TRACE + "-" + PARENT + "-01 ",
        "00-" + TRACE + "-" + PARENT + "-01-more",
        "00-" + TRACE + "-" + PARENT + "-0g",
        "00-" + TRACE + "-" + PARENT + "_01",
        "00_" + TRACE + "-" + PARENT + "-01",
        "ff-" + TRACE + "-" + PARENT + "-01",
        "0-" + TRACE + "-" + PARENT + "-01x",
        "0X-" + TRACE + "-" + PARENT + "-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + PARENT + "-01",
        "00-00000000000000000000000000000000-" + PARENT + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-" + TRACE + "-00f067aa0ba902bg-01",
        " 00-" + TRACE + "-" + PARENT + "-01"
      })
  void ignoresAnInvalidTraceWhole(String header) {
    assertTrue(TraceParent.parse(header).isEmpty());
  }

  @Test
  void startsTracesOfTheirOwn() {
    Set<String> traces = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      String header = TraceParent.start(random).header();
      assertTrue(TraceParent.parse(header).isPresent(), header);
      traces.add(header.substring(3, 35));
    }
    assertEquals(1_000, traces.size());
  }

  @Test
  void neverMakesAnIdOfZeros() {
    TraceParent trace = TraceParent.start(() -> 0L);
    assertTrue(TraceParent.parse(trace.header()).isPresent(), trace.header());
    assertTrue(TraceParent.parse(trace.next(() -> 0L).header()).isPresent());
  }

  // --- Problems

  @ParameterizedTest
  @EnumSource(Problem.class)
  void everyProblemHasAStatusASlugAndAPage(Problem problem) {
    assertTrue(problem.status() >= 400 && problem.status() < 600);
    assertTrue(problem.slug().matches("[a-z]+(-[a-z]+)*"), problem.slug());
    assertEquals("/problems/" + problem.slug(), problem.type());
    assertEquals(problem, Problem.bySlug(problem.slug()).orElseThrow());
    assertFalse(problem.title().isBlank() || problem.explanation().isBlank());
  }

  @Test
  void theContractedProblemsAreThereWithTheirStatus() {
    List<String> contracted =
        List.of(
            "400 malformed-json",
            "400 invalid-request",
            "401 unauthenticated",
            "403 redirect-not-allowed",
            "403 bad-signature",
            "404 not-found",
            "405 method-not-allowed",
            "413 body-too-large",
            "415 unsupported-media-type",
            "431 headers-too-large",
            "409 idempotency-conflict",
            "422 idempotency-mismatch",
            "422 upstream-rejected",
            "429 quota-exceeded",
            "502 upstream-unreachable",
            "502 upstream-malformed",
            "502 upstream-failed",
            "502 upstream-credentials",
            "503 circuit-open",
            "503 overloaded",
            "503 upstream-busy",
            "503 draining",
            "504 deadline-exceeded",
            "500 internal");
    List<String> ours =
        Arrays.stream(Problem.values()).map(p -> p.status() + " " + p.slug()).toList();
    assertTrue(ours.containsAll(contracted), () -> "missing one of " + contracted);
  }

  @Test
  void writesOnlyWhatIsKnown() {
    JsonObject problem =
        new JsonObject(ProblemJson.of(InitFailure.of(Problem.NOT_FOUND, "Gone."), "c-1"));
    assertEquals(
        Set.of("type", "title", "status", "detail", "correlationId"), problem.fieldNames());
    assertEquals("Gone.", problem.getString("detail"));
    assertEquals(404, problem.getInteger("status"));
  }

  @Test
  void writesEverythingThatIsKnown() {
    // Given
    InitFailure failure =
        InitFailure.notSent(Problem.UPSTREAM_BUSY, "Busy.")
            .withRetryAfter(Duration.ofMillis(1_001))
            .withUpstream(new Upstream(429, "0x0429", "Too many."))
            .withErrors(List.of(new FieldFault("#/a", "is a"), new FieldFault("#/b", "is b")));

    // When
    JsonObject problem = new JsonObject(ProblemJson.of(failure, "c-1"));

    // Then
    assertEquals("not-sent", problem.getString("outcome"));
    assertEquals(2, problem.getInteger("retryAfterSeconds"));
    assertEquals(
        new JsonObject().put("status", 429).put("code", "0x0429").put("message", "Too many."),
        problem.getJsonObject("upstream"));
    assertEquals(
        new JsonArray()
            .add(new JsonObject().put("pointer", "#/a").put("detail", "is a"))
            .add(new JsonObject().put("pointer", "#/b").put("detail", "is b")),
        problem.getJsonArray("errors"));
  }

  @Test
  void escapesWhateverThePartnerSays() {
    // Given
    String odd = "\"quoted\" \\ back\n\r\t\b\f\0\u001f\u007f \u00e9 \u2028 \ud83d\ude00 \ud83d";
    Upstream upstream = new Upstream(500, null, odd);

    // When
    String document =
        ProblemJson.of(InitFailure.of(Problem.UPSTREAM_REJECTED, "d").withUpstream(upstream), "c");

    // Then
    assertEquals(odd, new JsonObject(document).getJsonObject("upstream").getString("message"));
    assertTrue(document.chars().noneMatch(c -> c < 0x20), document);
  }

  @ParameterizedTest
  @CsvSource({"PT0S,1", "PT0.001S,1", "PT1S,1", "PT1.000000001S,2", "PT59.5S,60", "PT1H,3600"})
  void retryAfterIsNeverTooEarly(Duration wait, long seconds) {
    assertEquals(
        seconds, InitFailure.of(Problem.DRAINING, "d").withRetryAfter(wait).retryAfterSeconds());
  }

  @Test
  void theWorseOutcomeSpeaksForBoth() {
    Outcome[] all = Outcome.values();
    for (Outcome a : all) {
      for (Outcome b : all) {
        assertEquals(a.or(b), b.or(a));
        assertTrue(a.or(b).compareTo(a) >= 0 && a.or(b).compareTo(b) >= 0);
      }
    }
    assertEquals("unknown", Outcome.NOT_SENT.or(Outcome.UNKNOWN).or(Outcome.REJECTED).word());
  }

  @Test
  void recordsOnTheWayShowNeitherSecretsNorPersonalData() {
    // Given
    Payload body = Payload.owning("{\"name\":\"s3cr3t\"}".getBytes());
    InitCommand command =
        new InitCommand(
            "c-1",
            "caller",
            "Basic s3cr3t",
            false,
            TraceParent.start(random),
            body,
            new Deadline(0),
            new CallerPresence());

    // Then
    for (Object shown : List.of(body, command, body.asByteBuffer())) {
      assertFalse(shown.toString().contains("s3cr3t"), shown.toString());
    }
    assertEquals("InitCommand[c-1]", command.toString());
  }
}
