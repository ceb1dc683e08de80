package infopass.gateway.management;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import infopass.gateway.digilocker.Problem;
import infopass.gateway.http.AnswerListener;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AnswerCountsTest {
  private static final String INIT = "/init";
  private static final int SECONDS = AnswerCounts.SECONDS;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - TimeUnit.MINUTES.toNanos(1));
  private final AnswerCounts counts = new AnswerCounts(INIT, nanos::get);

  private void pass(long seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void lanesAreAddedUpAndTheRunningSecondIsLeftOut() {
    // Given
    AnswerListener one = counts.lane();
    AnswerListener other = counts.lane();
    answered(one, INIT, 200, null, 1_500_000);
    answered(other, INIT, 503, Problem.CIRCUIT_OPEN, 100);
    answered(other, "/else", 404, Problem.NOT_FOUND, 100);

    // Then
    assertEquals(0, Arrays.stream(counts.lastMinute().answers()).sum());

    // When
    pass(1);

    // Then
    AnswerCounts.Minute minute = counts.lastMinute();
    assertEquals(3, minute.answers()[SECONDS - 1]);
    assertEquals(2, minute.inits()[SECONDS - 1]);
    assertEquals(1, minute.failures()[SECONDS - 1]);
    assertEquals(1, minute.problems()[Problem.CIRCUIT_OPEN.ordinal()]);
    assertEquals(1, minute.problems()[Problem.NOT_FOUND.ordinal()]);
    assertEquals(1, minute.initTimes()[0]);
    assertEquals(1, minute.initTimes()[1]);
  }

  @Test
  void whatIsOlderThanAMinuteIsForgotten() {
    // Given
    AnswerListener lane = counts.lane();
    answered(lane, INIT, 200, null, 1);
    pass(SECONDS);
    assertEquals(1, counts.lastMinute().answers()[0]);

    // When
    pass(1);

    // Then
    assertEquals(0, Arrays.stream(counts.lastMinute().answers()).sum());
  }

  @Test
  void agreesWithAListOfAllAnswers() {
    SplittableRandom random = new SplittableRandom(5);
    for (int round = 0; round < 50; round++) {
      // Given
      AnswerCounts ring = new AnswerCounts(INIT, nanos::get);
      List<AnswerListener> lanes = List.of(ring.lane(), ring.lane());
      List<Long> seconds = new ArrayList<>();
      long second = 0;
      for (int i = 0; i < 300; i++) {
        // When
        long step = random.nextInt(10) == 0 ? random.nextInt(1, 80) : random.nextInt(2);
        pass(step);
        second += step;
        answered(lanes.get(random.nextInt(2)), INIT, 200, null, random.nextLong(1L << 36));
        seconds.add(second);

        // Then
        long[] expected = new long[SECONDS];
        for (long at : seconds) {
          long age = second - at;
          if (age >= 1 && age <= SECONDS) {
            expected[(int) (SECONDS - age)]++;
          }
        }
        AnswerCounts.Minute minute = ring.lastMinute();
        assertArrayEquals(expected, minute.answers());
        assertEquals(Arrays.stream(expected).sum(), Arrays.stream(minute.initTimes()).sum());
      }
    }
  }

  @Test
  void quantilesLieWithinTheBucketOfTheirRank() {
    // Given
    long[] times = new long[Latencies.BOUNDS_MILLIS.size() + 1];

    // Then
    assertEquals(-1, Latencies.quantileMillis(times, 0.5));

    // When
    times[Latencies.bucketOf(7_000_000)] = 98;
    times[Latencies.bucketOf(1_500_000_000)] = 2;

    // Then
    assertEquals(5 + 5 * 50.0 / 98, Latencies.quantileMillis(times, 0.5), 1e-9);
    assertEquals(1_500, Latencies.quantileMillis(times, 0.99), 1e-9);

    // And when
    times[Latencies.bucketOf(60_000_000_000L)] = 100;

    // Then
    assertEquals(20_000, Latencies.quantileMillis(times, 0.99));
  }

  @Test
  void aTimeOnABoundFallsBelowIt() {
    assertEquals(0, Latencies.bucketOf(0));
    assertEquals(0, Latencies.bucketOf(1_000_000));
    assertEquals(1, Latencies.bucketOf(1_000_001));
    assertEquals(13, Latencies.bucketOf(20_000_000_000L));
    assertEquals(14, Latencies.bucketOf(20_000_000_001L));
  }

  private static void answered(
      AnswerListener listener, String route, int status, Problem problem, long nanos) {
    listener.answered(route, HttpMethod.POST, status, Optional.ofNullable(problem), nanos);
  }
}
