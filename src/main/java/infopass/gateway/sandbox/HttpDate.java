package infopass.gateway.sandbox;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of the {@code Date} header, formatted once a second. Not thread-safe. */
final class HttpDate {

  /** Not the JDK's RFC_1123_DATE_TIME, which writes the first nine days with one digit. */
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Clock clock;
  private long second = Long.MIN_VALUE;
  private String text;

  HttpDate(Clock clock) {
    this.clock = clock;
  }

  String now() {
    long current = Math.floorDiv(clock.millis(), 1000L);
    if (current != second) {
      second = current;
      text = FORMAT.format(Instant.ofEpochSecond(current));
    }
    return text;
  }
}
