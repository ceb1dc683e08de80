package infopass.gateway.infopass;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HttpDatesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant EXAMPLE = Instant.parse("1994-11-06T08:49:37Z");
  private static final String IMF_FIXDATE = "Sun, 06 Nov 1994 08:49:37 GMT";
  private static final String RFC_850 = "Sunday, 06-Nov-94 08:49:37 GMT";
  private static final String ASCTIME = "Sun Nov  6 08:49:37 1994";

  @Test
  void readsTheThreeFormsOfTheStandard() {
    for (String date : new String[] {IMF_FIXDATE, RFC_850, ASCTIME}) {
      assertEquals(Optional.of(EXAMPLE), HttpDates.parse(date, NOW), date);
      assertEquals(Optional.of(EXAMPLE), HttpDates.parse("\t" + date + " ", NOW), date);
    }
  }

  @Test
  void readsAsctimeWithADayOfTwoDigits() {
    assertEquals(
        Optional.of(Instant.parse("1994-11-16T08:49:37Z")),
        HttpDates.parse("Wed Nov 16 08:49:37 1994", NOW));
  }

  @Test
  void readsEveryDateThatItsThreeFormsCanWrite() {
    // Given: the years that two digits are not ambiguous for
    long first = Instant.parse("1977-01-01T00:00:00Z").getEpochSecond();
    long last = Instant.parse("2076-01-01T00:00:00Z").getEpochSecond();
    Random random = new Random(3);
    String[] patterns = {
      "EEE, dd MMM yyyy HH:mm:ss 'GMT'",
      "EEEE, dd-MMM-yy HH:mm:ss 'GMT'",
      "EEE MMM ppd HH:mm:ss yyyy"
    };

    for (int i = 0; i < 5_000; i++) {
      Instant instant = Instant.ofEpochSecond(random.nextLong(first, last));
      String pattern = patterns[i % patterns.length];
      String date =
          DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
              .withZone(ZoneOffset.UTC)
              .format(instant);

      // When, Then
      assertEquals(Optional.of(instant), HttpDates.parse(date, NOW), date);
    }
  }

  @Test
  void putsTwoDigitYearsAtMostFiftyYearsAhead() {
    String[][] expected = {
      {"2026-01-01T00:00:00Z", "Wednesday, 01-Jan-76 00:00:00 GMT", "2076-01-01T00:00:00Z"},
      {"2026-01-01T00:00:00Z", "Wednesday, 01-Jan-76 00:00:01 GMT", "1976-01-01T00:00:01Z"},
      {"2026-01-01T00:00:00Z", "Friday, 31-Dec-99 23:59:59 GMT", "1999-12-31T23:59:59Z"},
      {"2026-01-01T00:00:00Z", "Saturday, 01-Jan-00 00:00:00 GMT", "2000-01-01T00:00:00Z"},
      {"2049-12-31T00:00:00Z", "Thursday, 31-Dec-99 00:00:00 GMT", "2099-12-31T00:00:00Z"},
      {"2099-12-31T00:00:00Z", "Friday, 01-Jan-00 00:00:00 GMT", "2100-01-01T00:00:00Z"},
      {"1999-12-31T00:00:00Z", "Saturday, 01-Jan-00 00:00:00 GMT", "2000-01-01T00:00:00Z"},
      {"2026-01-01T00:00:00Z", "Tuesday, 29-Feb-00 12:00:00 GMT", "2000-02-29T12:00:00Z"},
    };
    for (String[] row : expected) {
      assertEquals(
          Optional.of(Instant.parse(row[2])), HttpDates.parse(row[1], Instant.parse(row[0])));
    }
  }

  @Test
  void readsALeapSecondAsTheSecondAfter() {
    assertEquals(
        Optional.of(Instant.parse("2017-01-01T00:00:00Z")),
        HttpDates.parse("Sat, 31 Dec 2016 23:59:60 GMT", NOW));
  }

  @Test
  void doesNotCheckThatTheWeekdayFitsTheDate() {
    assertEquals(Optional.of(EXAMPLE), HttpDates.parse(IMF_FIXDATE.replace("Sun", "Tue"), NOW));
  }

  @Test
  void isEmptyForWhatIsNoDate() {
    for (String date :
        new String[] {
          null,
          "",
          " ",
          "now",
          "0",
          "1994-11-06T08:49:37Z",
          "Sun, 06 Nov 1994 08:49:37",
          "Sun, 06 Nov 1994 08:49:37 UTC",
          "Sun, 06 Nov 1994 08:49:37 +0000",
          "Sun, 6 Nov 1994 08:49:37 GMT",
          "sun, 06 nov 1994 08:49:37 gmt",
          "Sun, 31 Nov 1994 08:49:37 GMT",
          "Sun, 29 Feb 1995 08:49:37 GMT",
          "Sun, 00 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:49:37 GMT",
          "Sun, 06 Nov 1994 08:60:37 GMT",
          "Sun, 06 Nov 1994 08:49:61 GMT",
          "Sun, 06 Nov -994 08:49:37 GMT",
          "Sun, 06 Nov \u0661\u0669\u0669\u0664 08:49:37 GMT",
          "Monday, 31-Feb-94 08:49:37 GMT",
          "Monday, 01-Jan-94 99:99:99 GMT",
          "Sun Nov 6 08:49:37 1994",
          "Sun Nov  0 08:49:37 1994",
          IMF_FIXDATE + ", " + IMF_FIXDATE,
          " ".repeat(1_000_000)
        }) {
      assertEquals(Optional.empty(), HttpDates.parse(date, NOW), date);
    }
  }

  @Test
  void neverThrowsWhateverTheHeaderOrTheClock() {
    // Given
    Random random = new Random(4);
    String[] origins = {IMF_FIXDATE, RFC_850, ASCTIME};
    Instant[] clocks = {NOW, Instant.MIN, Instant.MAX, Instant.EPOCH};

    // When, Then
    for (int i = 0; i < 30_000; i++) {
      StringBuilder date = new StringBuilder(origins[i % origins.length]);
      for (int edits = random.nextInt(3); edits > 0; edits--) {
        date.setCharAt(random.nextInt(date.length()), (char) ('0' + random.nextInt(10)));
      }
      Instant now = clocks[random.nextInt(clocks.length)];
      assertDoesNotThrow(() -> HttpDates.parse(date.toString(), now));
    }
  }
}
