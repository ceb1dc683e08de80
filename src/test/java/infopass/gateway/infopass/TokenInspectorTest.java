package infopass.gateway.infopass;

import static infopass.gateway.infopass.TokenFinding.CROSSED;
import static infopass.gateway.infopass.TokenFinding.LINK_HOST;
import static infopass.gateway.infopass.TokenFinding.SANDBOX;
import static infopass.gateway.infopass.TokenFinding.STALE;
import static infopass.gateway.infopass.TokenFinding.TOKEN_FORMAT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import infopass.gateway.digilocker.TokenExpiry;
import infopass.gateway.infopass.TokenInspector.Inspection;
import infopass.gateway.json.MalformedJsonException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TokenInspectorTest {
  private static final String HOST = "digilocker-sdk.notbot.in";
  private static final String CLIENT = "digilocker_a";
  private static final Instant SENT = Instant.parse("2026-01-01T00:00:00.700Z");
  private static final Instant RECEIVED = SENT.plusMillis(200);
  private static final Instant DATE = Instant.parse("2026-01-01T00:00:00Z");

  private final TokenInspector inspector = new TokenInspector(Set.of(HOST));

  private static String token(String clientId, String gateway, Instant issuedAt) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String payload = "{\"client_id\":\"" + clientId + "\",\"gateway\":\"" + gateway + "\"}";
    byte[] time = ByteBuffer.allocate(8).putLong(issuedAt.getEpochSecond()).array();
    return base64.encodeToString(payload.getBytes(StandardCharsets.UTF_8))
        + "."
        + base64.encodeToString(time)
        + "."
        + base64.encodeToString(new byte[20]);
  }

  private static String link(String token) {
    return "https://" + HOST + "/?gateway=production&type=digilocker&token=" + token + "&a=web";
  }

  private Inspection inspect(String token, String url, Instant date) {
    String document =
        "{\"data\":{\"clientId\":\"%s\",\"token\":\"%s\",\"url\":\"%s\",\"expirySeconds\":600}}"
            .formatted(CLIENT, token, url);
    try {
      return inspector.inspect(
          Envelope.read(document.getBytes(StandardCharsets.UTF_8)),
          new PartnerAnswer(200, new byte[0], SENT, RECEIVED, date, null));
    } catch (MalformedJsonException e) {
      throw new AssertionError(e);
    }
  }

  private Inspection inspect(Instant issuedAt, Instant date) {
    String token = token(CLIENT, "production", issuedAt);
    return inspect(token, link(token), date);
  }

  private static TokenExpiry from(String issuedAt) {
    Instant issued = Instant.parse(issuedAt);
    return new TokenExpiry(issued, issued.plusSeconds(600));
  }

  @Test
  void findsNothingOddAboutAFreshToken() {
    Inspection inspection = inspect(DATE, DATE);

    assertEquals(Set.of(), inspection.findings());
    assertEquals(from("2026-01-01T00:00:00Z"), inspection.expiry());
  }

  private record Row(String clientId, String gateway, String url, Set<TokenFinding> findings) {}

  static Stream<Row> rows() {
    String good = link("%s");
    String crossed = link(token("digilocker_b", "production", DATE));
    String elsewhere = good.replace(HOST, "evil.example");
    return Stream.of(
        new Row(CLIENT, "production", good, Set.of()),
        new Row("digilocker_b", "production", good, Set.of(CROSSED)),
        new Row(CLIENT, "sandbox", good, Set.of(SANDBOX)),
        new Row(CLIENT, "production", elsewhere, Set.of(LINK_HOST)),
        new Row(CLIENT, "production", crossed, Set.of(CROSSED)),
        new Row("digilocker_b", "sandbox", elsewhere, Set.of(CROSSED, SANDBOX, LINK_HOST)),
        new Row("DIGILOCKER_A", "production", good, Set.of(CROSSED)),
        new Row(CLIENT, "Sandbox", good, Set.of()));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void namesWhatDoesNotFit(Row row) {
    // Given
    String token = token(row.clientId(), row.gateway(), DATE);

    // When
    Inspection inspection = inspect(token, row.url().formatted(token), DATE);

    // Then
    assertEquals(row.findings(), inspection.findings());
  }

  @ParameterizedTest
  @CsvSource({
    "https://digilocker-sdk.notbot.in/?token=t, true",
    "HTTPS://DigiLocker-SDK.NotBot.in/?token=t, true",
    "https://digilocker-sdk.notbot.in, true",
    "https://digilocker-sdk.notbot.in:443/x, true",
    "https://digilocker-sdk.notbot.in?x, true",
    "https://digilocker-sdk.notbot.in#x, true",
    "http://digilocker-sdk.notbot.in/, false",
    "https://evil.example/, false",
    "https://digilocker-sdk.notbot.in.evil.example/, false",
    "https://xdigilocker-sdk.notbot.in/, false",
    "https://digilocker-sdk.notbot.in@evil.example/, false",
    "https://digilocker-sdk.notbot.in:x@evil.example/, false",
    "https://digilocker-sdk.notbot.in:443@evil.example/, false",
    "https://evil.example/@digilocker-sdk.notbot.in/, false",
    "https://evil.example?@digilocker-sdk.notbot.in/, false",
    "https:\\\\\\\\digilocker-sdk.notbot.in/, false",
    "https://evil.example\\\\@digilocker-sdk.notbot.in/, false",
    "//digilocker-sdk.notbot.in/, false",
    "https:///digilocker-sdk.notbot.in/, false",
    "https:digilocker-sdk.notbot.in, false",
    "javascript:alert(1), false",
    "digilocker-sdk.notbot.in, false",
    "https://digilocker-sdk.notbot.in:99999x/, false",
    "https://, false",
  })
  void takesALinkForAllowedOnlyWhereABrowserWouldGoThere(String url, boolean allowed) {
    Set<TokenFinding> findings = inspect("t", url, DATE).findings();

    assertEquals(!allowed, findings.contains(LINK_HOST));
  }

  @ParameterizedTest
  @CsvSource({
    "?token=t, false",
    "?a=1&token=t, false",
    "?token=t#x, false",
    "?token=t&token=u, false",
    "?token=%74, false",
    "?a=1, false",
    "#token=u, false",
    "?token=u, true",
    "?a=1&token=u&b=2, true",
    "?token=, true",
    "?token=%75, true",
    "?token=%zz, true",
    "?xtoken=t&token=u, true",
    "?access_token=u&token=t, false",
  })
  void comparesTheTokenInTheLinkWithTheToken(String query, boolean crossed) {
    Set<TokenFinding> findings = inspect("t", "https://" + HOST + "/" + query, DATE).findings();

    assertEquals(crossed ? Set.of(CROSSED, TOKEN_FORMAT) : Set.of(TOKEN_FORMAT), findings);
  }

  @Test
  void saysOfATokenOfAnUnknownFormThatItCannotBeRead() {
    for (String token : new String[] {"t", "a.b.c", ".x.y.z", "e30"}) {
      Inspection inspection = inspect(token, link(token), DATE);

      assertEquals(Set.of(TOKEN_FORMAT), inspection.findings());
      assertEquals(from("2026-01-01T00:00:00Z"), inspection.expiry());
    }
  }

  @Test
  void takesTheAgeOffWhateverThePartnersClockShows() {
    for (int skew : new int[] {-300, 0, 300, 86_400 * 365}) {
      // Given
      Instant partnerNow = DATE.plusSeconds(skew);

      // When, Then
      Inspection fresh = inspect(partnerNow, partnerNow);
      assertEquals(from("2026-01-01T00:00:00Z"), fresh.expiry());
      assertEquals(Set.of(), fresh.findings());
      Inspection aged = inspect(partnerNow.minusSeconds(300), partnerNow);
      assertEquals(from("2025-12-31T23:55:00Z"), aged.expiry());
      assertEquals(Set.of(), aged.findings());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-3, true, 0",
    "-2, false, 0",
    "-1, false, 0",
    "0, false, 0",
    "1, false, 1",
    "600, false, 600",
    "601, true, 0",
    "700, true, 0",
    "100000000, true, 0"
  })
  void believesAnAgeBetweenZeroAndTheLifetime(long age, boolean stale, long taken) {
    // When
    Inspection inspection = inspect(DATE.minusSeconds(age), DATE);

    // Then
    assertEquals(stale ? Set.of(STALE) : Set.of(), inspection.findings());
    assertEquals(
        TokenExpiry.from(SENT, Duration.ofSeconds(taken), Duration.ofSeconds(600)),
        inspection.expiry());
  }

  @ParameterizedTest
  @CsvSource({
    "-301, true",
    "-300, false",
    "-3, false",
    "0, false",
    "600, false",
    "601, false",
    "900, false",
    "901, true",
    "100000000, true",
    "-100000000, true"
  })
  void findsWhatNoClocksCanExplainWhereThePartnerDoesNotTellItsClock(long age, boolean stale) {
    // When
    Inspection inspection = inspect(DATE.minusSeconds(age), null);

    // Then
    assertEquals(stale ? Set.of(STALE) : Set.of(), inspection.findings());
    long taken = age >= -2 && age <= 600 ? Math.max(0, age) : 0;
    assertEquals(
        TokenExpiry.from(SENT, Duration.ofSeconds(taken), Duration.ofSeconds(600)),
        inspection.expiry());
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "?a=1, true",
    "#nothing, true",
    "?token=%s, false",
    "?session=%s, false",
    "go/%s, false",
    "#token=%s, false"
  })
  void missesTheTokenInALinkWithoutItWhereItsFormIsKnown(String rest, boolean crossed) {
    // Given
    String token = token(CLIENT, "production", DATE);

    // When
    Inspection known = inspect(token, "https://" + HOST + "/" + rest.formatted(token), DATE);
    Inspection unknown = inspect("t", "https://" + HOST + "/" + rest.formatted("t"), DATE);

    // Then
    assertEquals(crossed ? Set.of(CROSSED) : Set.of(), known.findings());
    assertEquals(Set.of(TOKEN_FORMAT), unknown.findings());
  }

  @Test
  void blamesNobodyWhereTheClocksMayDiffer() {
    // When: either a stale token or a wrong clock
    Inspection old = inspect(DATE.minusSeconds(700), null);
    Inspection ahead = inspect(DATE.plusSeconds(300), null);
    Inspection plausible = inspect(DATE.minusSeconds(300), null);

    // Then
    assertEquals(Set.of(), old.findings());
    assertEquals(Set.of(), ahead.findings());
    assertEquals(from("2026-01-01T00:00:00Z"), old.expiry());
    assertEquals(from("2026-01-01T00:00:00Z"), ahead.expiry());
    assertEquals(from("2025-12-31T23:55:00Z"), plausible.expiry());
  }
}
