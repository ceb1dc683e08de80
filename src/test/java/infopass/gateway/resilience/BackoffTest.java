package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration INITIAL = Duration.ofMillis(100);
  private static final Duration MAX = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE - 1);

  @Test
  void doublesTheUpperBoundWithEachRetryUpToTheMaximum() {
    // Given
    Backoff backoff = new Backoff(INITIAL, MAX, new Highest());

    // When
    long[] millis = LongStream.rangeClosed(1, 8).map(n -> delay(backoff, n).toMillis()).toArray();

    // Then
    assertEquals("100 200 400 800 1600 2000 2000 2000", join(millis));
  }

  @Test
  void mayRetryAtOnce() {
    // Given
    Backoff backoff = new Backoff(INITIAL, MAX, new Lowest());

    // When
    Duration delay = backoff.delay(7);

    // Then
    assertEquals(Duration.ZERO, delay);
  }

  @Test
  void spreadsTheWaitsOverTheWholeInterval() {
    // Given
    Backoff backoff = new Backoff(INITIAL, MAX, new Random(7));
    int[] quarters = new int[4];

    // When
    for (int i = 0; i < 40_000; i++) {
      quarters[(int) (backoff.delay(3).toNanos() * 4 / 400_000_001L)]++;
    }

    // Then
    for (int quarter : quarters) {
      assertEquals(10_000, quarter, 500);
    }
  }

  @Test
  void reachesEveryValueOfASmallIntervalEndsIncluded() {
    // Given
    Backoff backoff = new Backoff(Duration.ofNanos(2), MAX, new Random(7));

    // When
    long[] seen =
        LongStream.range(0, 1_000)
            .map(i -> delay(backoff, 1).toNanos())
            .distinct()
            .sorted()
            .toArray();

    // Then
    assertEquals("0 1 2", join(seen));
  }

  @Test
  void staysWithinTheMaximumForEveryRetryHoweverLate() {
    // Given
    Backoff backoff = new Backoff(INITIAL, MAX, new Highest());

    // When, Then
    for (int retry = 6; retry < 200; retry++) {
      assertEquals(MAX, backoff.delay(retry));
    }
    assertEquals(MAX, backoff.delay(Integer.MAX_VALUE));
  }

  @Test
  void doesNotOverflowWithDurationsBeyondNanoseconds() {
    // Given
    Duration endless = Duration.ofSeconds(Long.MAX_VALUE);

    // When
    Duration both = new Backoff(endless, endless, new Highest()).delay(1);
    Duration late = new Backoff(Duration.ofNanos(1), endless, new Highest()).delay(62);
    Duration later = new Backoff(Duration.ofNanos(1), endless, new Highest()).delay(64);

    // Then
    assertEquals(LONGEST, both);
    assertEquals(Duration.ofNanos(1L << 61), late);
    assertEquals(LONGEST, later);
  }

  @Test
  void doesNotWaitWhereEitherBoundIsZero() {
    // Given
    Backoff noInitial = new Backoff(Duration.ZERO, MAX, new Highest());
    Backoff noMax = new Backoff(INITIAL, Duration.ZERO, new Highest());

    // When, Then
    for (int retry : new int[] {1, 2, 64, 65, Integer.MAX_VALUE}) {
      assertEquals(Duration.ZERO, noInitial.delay(retry));
      assertEquals(Duration.ZERO, noMax.delay(retry));
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    // Given
    Duration negative = Duration.ofNanos(-1);
    Backoff backoff = new Backoff(INITIAL, MAX, new Lowest());

    // When, Then
    assertThrows(IllegalArgumentException.class, () -> new Backoff(negative, MAX, new Lowest()));
    assertThrows(
        IllegalArgumentException.class, () -> new Backoff(INITIAL, negative, new Lowest()));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> backoff.delay(0))
            .getMessage()
            .endsWith("was 0"));
  }

  private static Duration delay(Backoff backoff, long retry) {
    return backoff.delay((int) retry);
  }

  private static String join(long[] values) {
    return String.join(" ", LongStream.of(values).mapToObj(Long::toString).toList());
  }

  private static final class Highest implements RandomGenerator {
    @Override
    public long nextLong() {
      throw new AssertionError("the bound is needed");
    }

    @Override
    public long nextLong(long bound) {
      assertTrue(bound > 0);
      return bound - 1;
    }
  }

  private static final class Lowest implements RandomGenerator {
    @Override
    public long nextLong() {
      return 0;
    }
  }
}
