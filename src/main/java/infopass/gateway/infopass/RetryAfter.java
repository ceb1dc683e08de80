package infopass.gateway.infopass;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Reads the {@code Retry-After} header of RFC 9110, 10.2.3: whole seconds, or a date in any of the
 * three forms.
 *
 * <p>Stateless and thread-safe.
 */
final class RetryAfter {
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int DIGITS_OF_LONGEST = 4;

  private RetryAfter() {}

  /**
   * How long the partner asks us to wait, from {@link Duration#ZERO} (also for a date that has
   * passed) to one hour (also for more); empty, and never an exception, if it says nothing we can
   * read.
   *
   * @param headerValue the header's value, or null if it is absent
   * @param now the instant a date is measured from
   */
  static Optional<Duration> parse(String headerValue, Instant now) {
    if (headerValue == null) {
      return Optional.empty();
    }
    String value = headerValue.strip();
    Optional<Duration> wait =
        isDigits(value)
            ? Optional.of(seconds(value))
            : HttpDates.parse(value, now).map(date -> Duration.between(now, date));
    return wait.map(RetryAfter::clamped);
  }

  private static boolean isDigits(String value) {
    // By hand, as Character.isDigit also takes the digits of other scripts.
    return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Duration seconds(String digits) {
    // The grammar has no upper limit, so the number may be one that no long can hold.
    String significant = digits.replaceFirst("^0+(?=.)", "");
    return significant.length() > DIGITS_OF_LONGEST
        ? LONGEST
        : Duration.ofSeconds(Long.parseLong(significant));
  }

  private static Duration clamped(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
