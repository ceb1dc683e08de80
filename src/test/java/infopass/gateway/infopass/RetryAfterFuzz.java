package infopass.gateway.infopass;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The partner's Retry-After and Date: nothing is thrown, no wait is negative or longer than an
 * hour, and dates are those that the JDK reads in the same text.
 */
public final class RetryAfterFuzz {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private RetryAfterFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String field = new String(input, ISO_8859_1);
    Optional<Duration> wait = RetryAfter.parse(field, NOW);
    wait.ifPresent(
        w -> require(!w.isNegative() && w.compareTo(HOUR) <= 0, "a wait that is out of range"));
    if (field.matches("[0-9]+")) {
      BigInteger seconds = new BigInteger(field).min(BigInteger.valueOf(HOUR.toSeconds()));
      require(wait.equals(Optional.of(Duration.ofSeconds(seconds.longValue()))), "another wait");
    }
    Optional<Instant> date = HttpDates.parse(field, NOW);
    if (field.matches("[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT")) {
      try {
        Instant other =
            ZonedDateTime.parse(field, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        require(date.equals(Optional.of(other)), "another date");
      } catch (DateTimeException e) {
        // The weekday does not fit, or there is no such day.
      }
    }
    date.ifPresent(at -> require(wait.isPresent(), "a date that Retry-After does not read: " + at));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
