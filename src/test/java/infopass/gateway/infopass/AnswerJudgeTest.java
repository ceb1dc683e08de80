package infopass.gateway.infopass;

import static infopass.gateway.infopass.Fixtures.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.Upstream;
import infopass.gateway.infopass.PartnerFailure.Health;
import infopass.gateway.infopass.PartnerFailure.Replay;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerJudgeTest {
  private static final String HOST = "digilocker-sdk.notbot.in";
  private static final String LINK =
      "{\"code\":\"0x0200\",\"message\":\"Found.\",\"status\":\"SUCCESS\",\"data\":{"
          + "\"clientId\":\"digilocker_a\",\"token\":\"t\",\"url\":\"https://"
          + HOST
          + "/?token=t\",\"expirySeconds\":600}}";

  private final AnswerJudge judge =
      new AnswerJudge(new TokenConfig(Set.of(), List.of(HOST)), new CallCounters());

  private static PartnerAnswer answer(int status, String body, Duration retryAfter) {
    return new PartnerAnswer(
        status, body.getBytes(StandardCharsets.UTF_8), NOW, NOW, NOW, retryAfter);
  }

  private InitSession granted(String body) {
    return judge.judge(Fixtures.call(), answer(200, body, null));
  }

  private PartnerFailure failure(int status, String body) {
    return assertThrows(
        PartnerFailure.class, () -> judge.judge(Fixtures.call(), answer(status, body, null)));
  }

  @Test
  void grantsTheDocumentByteForByte() {
    for (int status : new int[] {200, 201, 299}) {
      // Given
      PartnerAnswer answer = answer(status, " " + LINK + "\n", null);

      // When
      InitSession session = judge.judge(Fixtures.call(), answer);

      // Then
      assertEquals("digilocker_a", session.clientId());
      assertSame(answer.body(), session.document().bytes());
      assertEquals(LINK.length(), session.appendAt());
      assertEquals(NOW.plusSeconds(600), session.expiry().expiresAt());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"correlationId\":\"theirs\"",
        "\"countdown\":{\"a\":[1,{\"b\":2}]}",
        "\"countdown\":null,\"correlationId\":7",
      })
  void replacesMembersOfThePartnersThatHaveOurNames(String theirs) {
    for (String document :
        List.of(
            "{" + theirs + "," + LINK.substring(1), LINK.replaceFirst("}$", "," + theirs + "}"))) {
      // When
      InitSession session = granted(document);

      // Then
      JsonObject kept = new JsonObject(Buffer.buffer(session.document().bytes()));
      assertEquals(new JsonObject(LINK), kept);
      assertEquals('}', session.document().bytes()[session.appendAt()]);
      assertEquals(session.document().length() - 1, session.appendAt());
    }
  }

  @Test
  void keepsEveryByteBesideAMemberOfOurs() {
    // Given
    String rest = "\"n\":" + "7".repeat(2_000) + ",\"fee\":1.10," + LINK.substring(1);

    // When
    InitSession session = granted("{\"countdown\":1," + rest);

    // Then
    assertEquals("{" + rest, new String(session.document().bytes(), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"600", "600.0", "\"600\"", "600.7", "1e3", "86400", "1"})
  void believesALifetimeUpToADay(String seconds) {
    InitSession session = granted(LINK.replace(":600}", ":" + seconds + "}"));

    long expected = (long) Double.parseDouble(seconds.replace("\"", ""));
    assertEquals(NOW.plusSeconds(expected), session.expiry().expiresAt());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1e999999999", "-1", "0", "0.9", "null", "86401", "\"\"", "[]", "true", "1e-3"})
  void doesNotBelieveAnyOtherLifetime(String seconds) {
    assertMalformed(failure(200, LINK.replace(":600}", ":" + seconds + "}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clientId", "token", "url", "expirySeconds"})
  void needsEveryMember(String member) {
    JsonObject without = new JsonObject(LINK);
    without.getJsonObject("data").remove(member);
    assertMalformed(failure(200, without.encode()));
    for (Object useless : new Object[] {"", "  ", null, List.of()}) {
      JsonObject blank = new JsonObject(LINK);
      blank.getJsonObject("data").put(member, useless);
      assertMalformed(failure(200, blank.encode()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "a\\u0000", "a\\nb", "\\u007f", "a\\u0085"})
  void needsAClientIdThatALinkCanCarry(String clientId) {
    assertMalformed(failure(200, LINK.replace("digilocker_a", clientId)));
    assertMalformed(failure(200, LINK.replace("digilocker_a", "x".repeat(257))));
    assertEquals("...", granted(LINK.replace("digilocker_a", "...")).clientId());
    assertEquals("a b/ç", granted(LINK.replace("digilocker_a", "a b/ç")).clientId());
    assertEquals(256, granted(LINK.replace("digilocker_a", "x".repeat(256))).clientId().length());
  }

  @Test
  void tellsACodeThatIsANumber() {
    for (String said : List.of("422", "\"422\"")) {
      PartnerFailure failure = failure(200, "{\"status\":\"FAILURE\",\"code\":" + said + "}");

      assertEquals(new Upstream(200, "422", null), failure.failure().upstream());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html></html>",
        "[]",
        "null",
        "{}",
        "{\"status\":null}",
        "{\"status\":true}",
        "{\"status\":{}}",
        "{\"status\":\"SUCCESS\"}",
        "{\"status\":\"SUCCESS\",\"data\":null}",
        "{\"status\":\"SUCCESS\",\"data\":[]}",
        "{\"status\":\"SUCC"
      })
  void takesNothingElseForSuccess(String body) {
    assertMalformed(failure(200, body));
  }

  private static void assertMalformed(PartnerFailure failure) {
    assertEquals(Problem.UPSTREAM_MALFORMED, failure.failure().problem());
    assertEquals(Outcome.UNKNOWN, failure.failure().outcome());
    assertEquals(Replay.NEVER, failure.replay());
    assertEquals(Health.ILL, failure.health());
  }

  @ParameterizedTest
  @ValueSource(strings = {"FAILURE", "success", "SUCCESS ", "", "PENDING"})
  void takesAnyOtherStatusForARefusal(String status) {
    // When
    String document = LINK.replace("\"SUCCESS\"", "\"" + status + "\"");
    PartnerFailure failure =
        failure(200, document.replace("\"token\"", "\"x\"").replace("\"url\"", "\"y\""));

    // Then
    assertMalformed(failure(200, document));
    assertEquals(Problem.UPSTREAM_REJECTED, failure.failure().problem());
    assertEquals(Outcome.REJECTED, failure.failure().outcome());
    assertEquals(new Upstream(200, "0x0200", "Found."), failure.failure().upstream());
    assertEquals(Health.WELL, failure.health());
  }

  @ParameterizedTest
  @CsvSource({
    "301, UPSTREAM_FAILED, UNKNOWN, NEVER, ILL",
    "302, UPSTREAM_FAILED, UNKNOWN, NEVER, ILL",
    "304, UPSTREAM_FAILED, UNKNOWN, NEVER, ILL",
    "400, UPSTREAM_REJECTED, REJECTED, NEVER, WELL",
    "401, UNAUTHENTICATED, REJECTED, NEVER, ANSWERED",
    "402, UPSTREAM_REJECTED, REJECTED, NEVER, WELL",
    "404, UPSTREAM_REJECTED, REJECTED, NEVER, WELL",
    "408, UPSTREAM_BUSY, REJECTED, SAFE, ANSWERED",
    "409, UPSTREAM_REJECTED, REJECTED, NEVER, WELL",
    "422, UPSTREAM_REJECTED, REJECTED, NEVER, WELL",
    "425, UPSTREAM_BUSY, REJECTED, SAFE, ANSWERED",
    "429, UPSTREAM_BUSY, REJECTED, SAFE, ANSWERED",
    "451, UPSTREAM_REJECTED, REJECTED, NEVER, WELL",
    "500, UPSTREAM_FAILED, UNKNOWN, MAY_DUPLICATE, ILL",
    "501, UPSTREAM_FAILED, UNKNOWN, NEVER, ILL",
    "502, UPSTREAM_FAILED, UNKNOWN, MAY_DUPLICATE, ILL",
    "503, UPSTREAM_BUSY, REJECTED, SAFE, ILL",
    "504, UPSTREAM_FAILED, UNKNOWN, MAY_DUPLICATE, ILL",
    "599, UPSTREAM_FAILED, UNKNOWN, NEVER, ILL",
  })
  void readsTheStatusAsTheTableSays(
      int status, Problem problem, Outcome outcome, Replay replay, Health health) {
    // The body does not matter, not even one that names success.
    for (String body : List.of("", "<html>", LINK, "{\"status\":\"FAILURE\",\"code\":\"0x1\"}")) {
      PartnerFailure failure = failure(status, body);

      assertEquals(problem, failure.failure().problem());
      assertEquals(outcome, failure.failure().outcome());
      assertEquals(replay, failure.replay());
      assertEquals(health, failure.health());
      assertEquals(status, failure.failure().upstream().status());
    }
  }

  @Test
  void refusedCredentialsKeepThePartnersStatus() {
    for (int status : new int[] {401, 403}) {
      PartnerFailure failure = failure(status, "");

      assertEquals(status, failure.failure().status());
      assertEquals("unauthenticated", failure.failure().problem().slug());
      assertEquals(Outcome.REJECTED, failure.failure().outcome());
      assertEquals(Health.ANSWERED, failure.health());
    }
  }

  @Test
  void handsTheRetryAfterOnWhereThePartnerIsBusy() {
    for (int status : new int[] {429, 503}) {
      PartnerFailure failure =
          assertThrows(
              PartnerFailure.class,
              () -> judge.judge(Fixtures.call(), answer(status, "", Duration.ofSeconds(7))));

      assertEquals(Duration.ofSeconds(7), failure.failure().retryAfter());
    }
    assertNull(failure(429, "").failure().retryAfter());
  }

  @Test
  void showsThePartnersWordsWithoutTheRequestsData() {
    // Given
    String body =
        "{\"status\":\"FAILURE\",\"code\":\"0x0422\",\"message\":\"Asha Rao (+91 96500-00986,"
            + " asha@example.in) is blocked\"}";

    // When
    InitFailure failure = failure(200, body).failure();

    // Then
    assertEquals(new Upstream(200, "0x0422", "*** (***, ***) is blocked"), failure.upstream());
    assertFalse(failure.detail().contains("Asha"));
  }

  @Test
  void countsFindingsWhetherEnforcedOrNot() {
    // Given
    CallCounters counters = new CallCounters();
    AnswerJudge counting =
        new AnswerJudge(new TokenConfig(Set.of(), List.of("another.example")), counters);

    // When
    counting.judge(Fixtures.call(), answer(200, LINK, null));
    counting.judge(Fixtures.call(), answer(200, LINK, null));

    // Then
    assertEquals(2, counters.findings(TokenFinding.LINK_HOST));
    assertEquals(0, counters.findings(TokenFinding.CROSSED));
  }

  @Test
  void failsForEnforcedFindingsOnly() {
    // Given
    String elsewhere = LINK.replace(HOST, "evil.example");
    assertEquals("digilocker_a", granted(elsewhere).clientId());
    for (TokenFinding enforced : TokenFinding.values()) {
      if (!enforced.isEnforceable()) {
        continue;
      }
      AnswerJudge strict =
          new AnswerJudge(new TokenConfig(EnumSet.of(enforced), List.of(HOST)), new CallCounters());

      // When, Then
      if (enforced == TokenFinding.LINK_HOST) {
        assertMalformed(
            assertThrows(
                PartnerFailure.class,
                () -> strict.judge(Fixtures.call(), answer(200, elsewhere, null))));
      } else {
        strict.judge(Fixtures.call(), answer(200, elsewhere, null));
      }
    }
  }
}
