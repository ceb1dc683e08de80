package infopass.gateway.infopass;

import java.time.Instant;

/**
 * Reads Date fields, each but once: for a second the partner says the same. Belongs to one event
 * loop.
 */
final class RepeatedDate {
  private String text;
  private Instant date;

  /**
   * The date; null where there is none, or none that can be read.
   *
   * @param now see {@link HttpDates#parse}
   */
  Instant read(String value, Instant now) {
    if (value == null) {
      return null;
    }
    if (!value.equals(text)) {
      text = value;
      date = HttpDates.parse(value, now).orElse(null);
    }
    return date;
  }
}
