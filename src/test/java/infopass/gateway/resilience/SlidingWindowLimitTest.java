package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlidingWindowLimitTest {
  /** A 256th of it is a whole number of nanoseconds. */
  private static final Duration PER = Duration.ofNanos(256_000_000);

  private static final long BUCKET = 1_000_000;

  private long now = Long.MAX_VALUE - 100_000_000;

  @Test
  void countsFromTheInstantUntilAWindowAfterTheEndOfItsBucket() {
    // Given
    SlidingWindowLimit window = window(1, PER);
    now += BUCKET / 2;

    // When
    boolean first = window.tryAcquire();
    boolean second = window.tryAcquire();
    now += PER.toNanos() + BUCKET / 2 - 1;
    boolean tooEarly = window.tryAcquire();
    now++;
    boolean inTime = window.tryAcquire();

    // Then
    assertTrue(first);
    assertFalse(second);
    assertFalse(tooEarly);
    assertTrue(inTime);
    assertEquals(1, window.used());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverAllowsMoreThanTheLimitAndAlmostAllOfItInRandomTraffic(long seed) {
    // Given
    Random random = new Random(seed);
    int limit = 1 + random.nextInt(30);
    Duration per = Duration.ofNanos(1_000_000 + random.nextInt(1_000_000));
    SlidingWindowLimit window = window(limit, per);
    List<Long> acquired = new ArrayList<>();
    long begin = now;

    // When
    for (int i = 0; i < 100_000; i++) {
      now += random.nextInt(3_000);
      if (window.tryAcquire()) {
        acquired.add(now);
      }
    }

    // Then
    for (int i = limit; i < acquired.size(); i++) {
      assertTrue(acquired.get(i) - acquired.get(i - limit) > per.toNanos());
    }
    double possible = (double) (now - begin) / per.toNanos() * limit;
    assertTrue(acquired.size() > 0.95 * possible, acquired.size() + " of " + possible);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void foretellsWhenEachFurtherAcquisitionIsPossible(long seed) {
    // Given
    Random random = new Random(seed);
    int limit = 1 + random.nextInt(8);
    SlidingWindowLimit window = window(limit, PER);
    for (int i = 0; i < 20; i++) {
      window.tryAcquire();
      now += random.nextLong(40_000_000);
    }
    long begin = now;
    long[] foretold = new long[40];
    for (int k = 1; k <= foretold.length; k++) {
      foretold[k - 1] = window.nanosUntilFree(k);
    }

    // When, Then
    for (int k = 1; k <= foretold.length; k++) {
      if (foretold[k - 1] > 0 && begin + foretold[k - 1] - 1 - now >= 0) {
        now = begin + foretold[k - 1] - 1;
        assertFalse(window.tryAcquire(), "possible before the " + k + "th was foretold");
      }
      now = begin + foretold[k - 1];
      assertTrue(window.tryAcquire(), "the " + k + "th was foretold");
    }
  }

  @Test
  void spacesWhatItForetells() {
    // Given
    SlidingWindowLimit window = window(4, PER);
    window.tryAcquire();
    window.tryAcquire();
    window.tryAcquire();
    now += 100 * BUCKET;

    // When
    long first = window.nanosUntilFree(1, now, 5, 10 * BUCKET);
    long second = window.nanosUntilFree(2, now, 5, 10 * BUCKET);
    long fourth = window.nanosUntilFree(4, now, 5, 10 * BUCKET);

    // Then
    assertEquals(5, first);
    assertEquals(157 * BUCKET, second);
    assertEquals(177 * BUCKET, fourth);
  }

  @Test
  void givesBackWhatStillCounts() {
    // Given
    SlidingWindowLimit window = window(2, PER);
    long first = now;
    window.tryAcquire();
    now += 10 * BUCKET;
    window.tryAcquire();

    // When
    window.refund(first);
    int afterRefund = window.used();
    now += PER.toNanos() + 2 * BUCKET;
    window.refund(first + 10 * BUCKET);

    // Then
    assertEquals(1, afterRefund);
    assertEquals(0, window.used());
    assertEquals(0, window.nanosUntilFree(2));
  }

  @Test
  void keepsWhatItKnowsWhenItsSizeChanges() {
    // Given
    SlidingWindowLimit window = window(10, PER);
    for (int i = 0; i < 10; i++) {
      window.tryAcquire();
      now += 10 * BUCKET;
    }

    // When
    window.resize(3, PER.multipliedBy(2));
    int longer = window.used();
    long free = window.nanosUntilFree(1);
    window.resize(5, Duration.ofNanos(55 * BUCKET));
    int shorter = window.used();

    // Then
    assertEquals(10, longer);
    // Seven of them must go before the eighth; that one was acquired 30 buckets ago.
    assertTrue(free >= PER.toNanos() * 2 - 30 * BUCKET, () -> free + "");
    assertTrue(free <= PER.toNanos() * 2 - 26 * BUCKET, () -> free + "");
    assertEquals(5, shorter, 1);
    assertEquals(5, window.limit());
    assertEquals(Duration.ofNanos(55 * BUCKET), window.per());
  }

  @Test
  void saysTheTruthFarBeyondWhatALongHolds() {
    // Given
    SlidingWindowLimit window = window(1, Duration.ofDays(36_500));
    window.tryAcquire();

    // When
    long far = window.nanosUntilFree(Integer.MAX_VALUE);

    // Then
    assertTrue(far >= Duration.ofDays(20_000).toNanos());
  }

  @Test
  void refusesWhatMakesNoSense() {
    // Given
    SlidingWindowLimit window = window(1, PER);

    // When, Then
    assertThrows(IllegalArgumentException.class, () -> window(0, PER));
    assertThrows(IllegalArgumentException.class, () -> window(1, Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> window(1, Duration.ofDays(36_501)));
    assertThrows(IllegalArgumentException.class, () -> window.nanosUntilFree(0));
  }

  private SlidingWindowLimit window(int limit, Duration per) {
    return new SlidingWindowLimit(limit, per, () -> now);
  }
}
