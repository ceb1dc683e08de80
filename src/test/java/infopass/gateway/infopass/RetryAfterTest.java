package infopass.gateway.infopass;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("1994-11-06T08:49:00.250Z");
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void readsSeconds() {
    assertWait(Duration.ZERO, "0");
    assertWait(Duration.ofSeconds(7), "7");
    assertWait(Duration.ofSeconds(120), " 120\t");
    assertWait(Duration.ofSeconds(7), "0000000000000000000000000000007");
    assertWait(Duration.ZERO, "00000");
  }

  @Test
  void readsTheThreeFormsOfADateAsTheTimeUntilThen() {
    Duration wait = Duration.ofMillis(36_750);
    assertWait(wait, "Sun, 06 Nov 1994 08:49:37 GMT");
    assertWait(wait, "Sunday, 06-Nov-94 08:49:37 GMT");
    assertWait(wait, "Sun Nov  6 08:49:37 1994");
  }

  @Test
  void doesNotWaitForADateThatHasPassed() {
    assertWait(Duration.ZERO, "Sun, 06 Nov 1994 08:49:00 GMT");
    assertWait(Duration.ZERO, "Sat, 01 Jan 0000 00:00:00 GMT");
  }

  @Test
  void waitsAnHourAtMost() {
    assertWait(HOUR, "3600");
    assertWait(HOUR, "3601");
    assertWait(HOUR, "9999");
    assertWait(HOUR, "10000");
    assertWait(HOUR, "9".repeat(10_000));
    assertWait(HOUR, "Sun, 06 Nov 1994 09:49:01 GMT");
    assertWait(HOUR, "Fri, 31 Dec 9999 23:59:59 GMT");
  }

  @Test
  void isEmptyForWhatItCannotRead() {
    for (String value :
        new String[] {
          null,
          "",
          " ",
          "-1",
          "+1",
          "1.5",
          "1 2",
          "1, 2",
          "0x10",
          "1s",
          "\u0661",
          "\uff11",
          "soon",
          "Sun, 06 Nov 1994 08:49:37",
          "Sun, 31 Nov 1994 08:49:37 GMT"
        }) {
      assertEquals(Optional.empty(), RetryAfter.parse(value, NOW), value);
    }
  }

  @Test
  void neverThrowsAndNeverLeavesItsBoundsWhateverTheHeaderOrTheClock() {
    // Given
    Random random = new Random(5);
    String letters = "0123456789-:,. GMTSunNov\t\u0661";
    Instant[] clocks = {NOW, Instant.MIN, Instant.MAX, Instant.EPOCH};

    for (int i = 0; i < 30_000; i++) {
      StringBuilder value = new StringBuilder(i % 2 == 0 ? "" : "Sun, 06 Nov 1994 08:49:37 GMT");
      for (int edits = random.nextInt(6); edits > 0; edits--) {
        int at = random.nextInt(value.length() + 1);
        value.insert(at, letters.charAt(random.nextInt(letters.length())));
      }

      // When
      Instant now = clocks[random.nextInt(clocks.length)];
      Optional<Duration> wait = assertDoesNotThrow(() -> RetryAfter.parse(value.toString(), now));

      // Then
      wait.ifPresent(w -> assertTrue(!w.isNegative() && w.compareTo(HOUR) <= 0, value.toString()));
    }
  }

  private static void assertWait(Duration expected, String value) {
    assertEquals(Optional.of(expected), RetryAfter.parse(value, NOW), value);
  }
}
