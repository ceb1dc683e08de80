package infopass.gateway.infopass;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the dates of HTTP headers in all three forms of RFC 9110, 5.6.7: IMF-fixdate, RFC 850 and
 * asctime.
 *
 * <p>A weekday must be there but need not fit the date, and second 60 is the leap second that the
 * grammar allows. Stateless and thread-safe.
 */
final class HttpDates {
  private static final int LONGEST_DATE = 40;
  private static final int YEARS_AHEAD = 50;
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  private static final String WEEKDAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
  private static final String LONG_WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day";
  private static final String MONTH = "(?<month>" + String.join("|", MONTHS) + ")";
  private static final String TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";

  private static final Pattern IMF_FIXDATE =
      Pattern.compile(WEEKDAY + ", (?<day>\\d\\d) " + MONTH + " (?<year>\\d{4}) " + TIME + " GMT");
  private static final Pattern RFC_850 =
      Pattern.compile(
          LONG_WEEKDAY + ", (?<day>\\d\\d)-" + MONTH + "-(?<year>\\d\\d) " + TIME + " GMT");
  private static final Pattern ASCTIME =
      Pattern.compile(WEEKDAY + " " + MONTH + " (?<day>\\d\\d| \\d) " + TIME + " (?<year>\\d{4})");

  private HttpDates() {}

  /**
   * Reads one date; empty, and never an exception, if it is none.
   *
   * @param value the header's value, or null if it is absent
   * @param now decides the century of a two-digit year: the latest that does not put the date more
   *     than 50 years after {@code now}
   */
  static Optional<Instant> parse(String value, Instant now) {
    if (value == null || value.length() > LONGEST_DATE) {
      return Optional.empty();
    }
    String date = value.strip();
    try {
      for (Pattern form : List.of(IMF_FIXDATE, RFC_850, ASCTIME)) {
        Matcher matcher = form.matcher(date);
        if (matcher.matches()) {
          int year = number(matcher, "year");
          return Optional.of(instant(matcher, form == RFC_850 ? fullYear(matcher, now) : year));
        }
      }
      return Optional.empty();
    } catch (DateTimeException noSuchDay) {
      return Optional.empty();
    }
  }

  private static int fullYear(Matcher matcher, Instant now) {
    LocalDateTime latest = LocalDateTime.ofInstant(now, ZoneOffset.UTC).plusYears(YEARS_AHEAD);
    int year = (latest.getYear() / 100) * 100 + number(matcher, "year");
    // From the first of the month, since the 29th of February is not in each of these years.
    LocalDateTime date =
        LocalDate.of(year, month(matcher), 1)
            .plusDays(number(matcher, "day") - 1L)
            .atTime(number(matcher, "hour"), number(matcher, "minute"));
    return date.plusSeconds(number(matcher, "second")).isAfter(latest) ? year - 100 : year;
  }

  private static Instant instant(Matcher matcher, int year) {
    int second = number(matcher, "second");
    LocalTime time =
        LocalTime.of(
            number(matcher, "hour"), number(matcher, "minute"), second == 60 ? 59 : second);
    Instant instant =
        LocalDate.of(year, month(matcher), number(matcher, "day"))
            .atTime(time)
            .toInstant(ZoneOffset.UTC);
    return second == 60 ? instant.plusSeconds(1) : instant;
  }

  private static int month(Matcher matcher) {
    return MONTHS.indexOf(matcher.group("month")) + 1;
  }

  private static int number(Matcher matcher, String group) {
    return Integer.parseInt(matcher.group(group).strip());
  }
}
