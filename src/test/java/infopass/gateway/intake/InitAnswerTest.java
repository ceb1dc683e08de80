package infopass.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.TokenExpiry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitAnswerTest {
  private static final Instant ISSUED = Instant.parse("2026-01-01T00:00:00Z");

  private static InitSession session(String document) {
    byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
    return new InitSession(
        "digilocker_1",
        Payload.owning(bytes),
        document.lastIndexOf('}') < 0 ? 0 : bytes.length - (document.endsWith("}\n ") ? 3 : 1),
        new TokenExpiry(ISSUED, ISSUED.plusSeconds(600)),
        Duration.ofMillis(5));
  }

  private static InitAnswer answerAt(Instant now) {
    return new InitAnswer((id, expires) -> "/c/" + id, Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void appendsToThePartnersBytesWithoutTouchingThem() {
    // Given: spacing, order, escapes and numbers that a parser would not give back
    String document = "{ \"b\":1.0,\"a\" : \"\\u00e9\u00e9\\/\",\"n\":1e0 }";

    // When
    String answer = answerAt(ISSUED).write(session(document), "c-1").toString();

    // Then
    assertEquals(
        document.substring(0, document.length() - 1)
            + ",\"correlationId\":\"c-1\",\"countdown\":{\"issuedAt\":\"2026-01-01T00:00:00Z\","
            + "\"expiresAt\":\"2026-01-01T00:10:00Z\",\"remainingSeconds\":600,"
            + "\"url\":\"/c/digilocker_1\"}}",
        answer);
  }

  @Test
  void dropsWhiteSpaceBehindTheDocument() {
    String answer = answerAt(ISSUED).write(session("{\"a\":1}\n "), "c").toString();
    assertEquals("{\"a\":1,\"correlationId\"", answer.substring(0, 22));
  }

  @ParameterizedTest
  @CsvSource({"0,600", "1,599", "599,1", "600,0", "601,0", "-5,600"})
  void countsTheRemainingSecondsFromTheMomentOfWriting(long later, long remaining) {
    String answer = answerAt(ISSUED.plusSeconds(later)).write(session("{\"a\":1}"), "c").toString();
    assertEquals(
        String.valueOf(remaining), answer.replaceAll(".*\"remainingSeconds\":(\\d+),.*", "$1"));
  }

  @Test
  void neverRoundsTheRemainingSecondsUp() {
    String answer = answerAt(ISSUED.plusMillis(1)).write(session("{\"a\":1}"), "c").toString();
    assertFalse(answer.contains("\"remainingSeconds\":600"), answer);
  }
}
