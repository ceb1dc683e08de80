package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.resilience.FailureRateWindow.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FailureRateWindowTest {
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final long SLOT = WINDOW.toNanos() / 10;
  private static final Snapshot EMPTY = new Snapshot(0, 0, 0);

  private final AtomicLong clock = new AtomicLong(42);

  @Test
  void breachesAtHalfFailuresThoughEverySuccessInterruptsThem() {
    // Given
    FailureRateWindow window = window(6, 0.5, 1);
    List<Boolean> breaches = new ArrayList<>();

    // When
    for (boolean failed : new boolean[] {true, true, false, true, true, false}) {
      breaches.add(window.record(failed, false));
    }

    // Then
    assertEquals(List.of(false, false, false, false, false, true), breaches);
  }

  @Test
  void doesNotBreachBelowTheMinimumVolume() {
    // Given
    FailureRateWindow window = window(20, 0.5, 0.8);

    // When, Then
    for (int i = 1; i < 20; i++) {
      assertFalse(window.record(true, true));
    }
    assertTrue(window.record(true, true));
  }

  @Test
  void doesNotBreachJustBelowTheRate() {
    // Given
    FailureRateWindow window = window(100, 0.3, 1);
    for (int i = 0; i < 29; i++) {
      window.record(true, false);
    }
    for (int i = 0; i < 70; i++) {
      window.record(false, false);
    }

    // When
    boolean below = window.record(false, false);
    boolean stillBelow = window.record(true, false);

    // Then: 29 of 100, then 30 of 101
    assertFalse(below);
    assertFalse(stillBelow);
  }

  @Test
  void breachesExactlyAtTheRateThoughItIsNoBinaryFraction() {
    // Given
    FailureRateWindow window = window(10, 0.3, 1);
    for (int i = 0; i < 3; i++) {
      window.record(true, false);
    }
    for (int i = 0; i < 6; i++) {
      window.record(false, false);
    }

    // When
    boolean breached = window.record(false, false);

    // Then
    assertTrue(breached);
    assertEquals(0.3, window.snapshot().failureRate());
  }

  @Test
  void breachesBySlowCallsThatAllSucceed() {
    // Given
    FailureRateWindow window = window(5, 0.5, 0.8);
    window.record(false, false);
    for (int i = 0; i < 3; i++) {
      assertFalse(window.record(false, true));
    }

    // When
    boolean breached = window.record(false, true);

    // Then
    assertTrue(breached);
    assertEquals(new Snapshot(5, 0, 4), window.snapshot());
    assertEquals(0.8, window.snapshot().slowRate());
  }

  @Test
  void forgetsCallsSlotBySlot() {
    // Given
    FailureRateWindow window = window(1, 1, 1);
    window.record(true, false);
    clock.addAndGet(SLOT);
    window.record(false, true);

    // When, Then
    clock.addAndGet(9 * SLOT - 1);
    assertEquals(new Snapshot(2, 1, 1), window.snapshot());
    clock.addAndGet(1);
    assertEquals(new Snapshot(1, 0, 1), window.snapshot());
    clock.addAndGet(SLOT);
    assertEquals(EMPTY, window.snapshot());
  }

  @Test
  void forgetsEverythingWhenTheClockIsFarAhead() {
    // Given
    FailureRateWindow window = window(1, 1, 1);

    for (long ahead : new long[] {10 * SLOT, 1_000 * SLOT + 7, Long.MAX_VALUE - SLOT}) {
      window.record(true, true);

      // When
      clock.addAndGet(ahead);

      // Then
      assertEquals(EMPTY, window.snapshot());
    }
  }

  @Test
  void ignoresAClockThatIsALittleBehind() {
    // Given
    FailureRateWindow window = window(1, 1, 1);
    window.record(true, false);

    // When
    clock.addAndGet(-3 * SLOT);
    window.record(true, false);

    // Then
    assertEquals(new Snapshot(2, 2, 0), window.snapshot());
  }

  @Test
  void startsAnewWhenCleared() {
    // Given
    FailureRateWindow window = window(2, 0.5, 0.5);
    window.record(true, true);
    clock.addAndGet(SLOT);
    window.record(true, true);

    // When
    window.clear();

    // Then
    assertEquals(EMPTY, window.snapshot());
    assertFalse(window.record(true, true));
    assertTrue(window.record(true, true));
  }

  @Test
  void reportsRatesOfZeroWhileThereAreNoCalls() {
    assertEquals(0, EMPTY.failureRate());
    assertEquals(0, EMPTY.slowRate());
  }

  @Test
  void agreesWithANaiveTwinWhateverHappens() {
    for (int seed = 0; seed < 40; seed++) {
      compareWithTwin(new Random(seed), seed);
    }
  }

  @Test
  void agreesWithANaiveTwinWhileTheClockWrapsAround() {
    for (int seed = 0; seed < 40; seed++) {
      compareWithTwin(new Random(seed), Long.MAX_VALUE - 30 * SLOT);
    }
  }

  @Test
  void losesNoCallOfThreadsThatRecordTogether() throws Exception {
    // Given
    FailureRateWindow window = window(1, 1, 1);
    Callable<Void> loop =
        () -> {
          for (int i = 0; i < 10_000; i++) {
            window.record(i % 2 == 0, i % 5 == 0);
          }
          return null;
        };
    ExecutorService threads = Executors.newFixedThreadPool(4);

    // When
    try {
      for (Future<Void> one :
          threads.invokeAll(Stream.generate(() -> loop).limit(4).toList(), 30, TimeUnit.SECONDS)) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }

    // Then
    assertEquals(new Snapshot(40_000, 20_000, 8_000), window.snapshot());
  }

  @Test
  void refusesSettingsOutOfRange() {
    for (double rate : new double[] {0, -0.1, 1.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> window(1, rate, 1));
      assertThrows(IllegalArgumentException.class, () -> window(1, 1, rate));
    }
    assertThrows(IllegalArgumentException.class, () -> window(0, 1, 1));
    for (Duration length :
        new Duration[] {Duration.ofNanos(9), Duration.ZERO, Duration.ofSeconds(Long.MAX_VALUE)}) {
      assertThrows(
          IllegalArgumentException.class, () -> new FailureRateWindow(length, 1, 1, 1, clock::get));
    }
  }

  private void compareWithTwin(Random random, long start) {
    // Given
    clock.set(start);
    int minimumCalls = 1 + random.nextInt(30);
    double rate = 0.1 + 0.8 * random.nextDouble();
    double slowRate = 0.1 + 0.8 * random.nextDouble();
    double failing = random.nextDouble();
    FailureRateWindow window = window(minimumCalls, rate, slowRate);
    Twin twin = new Twin(minimumCalls, rate, slowRate);

    for (int i = 0; i < 1_000; i++) {
      // When
      long step = random.nextInt(100) == 0 ? random.nextLong(15 * SLOT) : random.nextLong(SLOT / 4);
      clock.addAndGet(step);
      twin.elapsed += step;
      if (random.nextInt(300) == 0) {
        window.clear();
        twin.calls.clear();
      }
      boolean failed = random.nextDouble() < failing;
      boolean slow = random.nextBoolean();

      // Then
      assertEquals(twin.record(failed, slow), window.record(failed, slow));
      assertEquals(twin.snapshot(), window.snapshot());
    }
  }

  private FailureRateWindow window(int minimumCalls, double failureRate, double slowCallRate) {
    return new FailureRateWindow(WINDOW, minimumCalls, failureRate, slowCallRate, clock::get);
  }

  /** Keeps every call, and counts them all each time. */
  private static final class Twin {
    private record Call(long slot, boolean failed, boolean slow) {}

    private final List<Call> calls = new ArrayList<>();
    private final int minimumCalls;
    private final double failureRate;
    private final double slowRate;
    private long elapsed;

    Twin(int minimumCalls, double failureRate, double slowRate) {
      this.minimumCalls = minimumCalls;
      this.failureRate = failureRate;
      this.slowRate = slowRate;
    }

    boolean record(boolean failed, boolean slow) {
      calls.add(new Call(elapsed / SLOT, failed, slow));
      Snapshot now = snapshot();
      return now.calls() >= minimumCalls
          && (now.failureRate() >= failureRate || now.slowRate() >= slowRate);
    }

    Snapshot snapshot() {
      List<Call> recent = calls.stream().filter(c -> c.slot() > elapsed / SLOT - 10).toList();
      return new Snapshot(
          recent.size(),
          recent.stream().filter(Call::failed).count(),
          recent.stream().filter(Call::slow).count());
    }
  }
}
