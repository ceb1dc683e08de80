package infopass.gateway.infopass;

import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.digilocker.TokenExpiry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the gateway promises of a countdown, against the issuer's verifier itself. */
class CountdownPropertyTest {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aLinkIsAcceptedUntilItsCountdownEnds() throws Exception {
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < 20_000; i++) {
      // Given: clocks that differ by anything, an answer that takes its time, a token of any age
      Duration skew = Duration.ofMillis(random.nextLong(-400_000, 400_000));
      Instant sent = NOW.plusNanos(random.nextLong(10_000_000_000L));
      Instant answered = sent.plusNanos(random.nextLong(5_000_000_000L));
      Instant received = answered.plusNanos(random.nextLong(5_000_000_000L));
      int lifetime = random.nextInt(1, 1_800);
      // Fresh ones are issued while the request is worked on, aged ones before.
      long spanNanos = Duration.between(sent, answered).toNanos();
      Instant issued =
          random.nextBoolean()
              ? sent.plusNanos(random.nextLong(spanNanos + 1))
              : answered.minusNanos(random.nextLong(lifetime * 1_000_000_000L));
      long stamp = issued.plus(skew).getEpochSecond();
      Instant date = answered.plus(skew).truncatedTo(ChronoUnit.SECONDS);

      // When
      TokenExpiry expiry = inspected(stamp, lifetime, sent, received, date);

      // Then: the verifier refuses once int(now) - stamp > lifetime, by its own clock
      Instant refused = Instant.ofEpochSecond(stamp + lifetime + 1).minus(skew);
      assertTrue(
          !expiry.expiresAt().isAfter(refused),
          () -> "skew " + skew + ": " + expiry + " is refused from " + refused);
      assertTrue(expiry.remainingSeconds(refused) == 0);
    }
  }

  private static TokenExpiry inspected(
      long stamp, int lifetime, Instant sent, Instant received, Instant date) throws Exception {
    String token =
        BASE64.encodeToString("{}".getBytes(StandardCharsets.UTF_8))
            + "."
            + BASE64.encodeToString(ByteBuffer.allocate(8).putLong(stamp).array())
            + "."
            + BASE64.encodeToString(new byte[20]);
    String document =
        "{\"data\":{\"clientId\":\"c\",\"token\":\"%s\",\"url\":\"u\",\"expirySeconds\":%s}}"
            .formatted(token, lifetime);
    return new TokenInspector(Set.of())
        .inspect(
            Envelope.read(document.getBytes(StandardCharsets.UTF_8)),
            new PartnerAnswer(200, new byte[0], sent, received, date, null))
        .expiry();
  }
}
