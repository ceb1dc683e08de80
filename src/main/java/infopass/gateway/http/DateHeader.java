package infopass.gateway.http;

import io.vertx.core.http.HttpHeaders;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of the Date field (RFC 9110 6.6.1), made once a second. Belongs to one event loop. */
final class DateHeader {
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final Clock clock;
  private long second = Long.MIN_VALUE;
  private CharSequence value;

  DateHeader(Clock clock) {
    this.clock = clock;
  }

  CharSequence value() {
    long now = Math.floorDiv(clock.millis(), 1000);
    if (now != second) {
      second = now;
      value = HttpHeaders.createOptimized(IMF_FIXDATE.format(Instant.ofEpochSecond(now)));
    }
    return value;
  }
}
