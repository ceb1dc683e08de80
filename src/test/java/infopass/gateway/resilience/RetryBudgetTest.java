package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong clock = new AtomicLong(-5);

  @Test
  void allowsExactlyOneRetryForTenFirstAttemptsAtTenPercent() {
    // Given
    RetryBudget budget = budget(0.1, 0);

    // When, Then
    for (int round = 0; round < 1_000; round++) {
      for (int i = 0; i < 9; i++) {
        budget.deposit();
        assertFalse(budget.tryWithdraw());
      }
      budget.deposit();
      assertTrue(budget.tryWithdraw());
    }
    assertEquals(0, budget.balance());
  }

  @Test
  void startsWithTenSecondsOfReserve() {
    // Given
    RetryBudget budget = budget(0.1, 3);

    // When
    int allowed = withdrawAll(budget);

    // Then
    assertEquals(30, allowed);
  }

  @Test
  void refillsTheReserveByTheSecond() {
    // Given
    RetryBudget budget = budget(0, 3);
    withdrawAll(budget);

    // When
    clock.addAndGet(2 * SECOND);

    // Then
    assertEquals(6, withdrawAll(budget));
  }

  @Test
  void refillsWithoutLossHoweverOftenItIsAsked() {
    // Given
    RetryBudget budget = budget(0, 3);
    withdrawAll(budget);

    // When
    for (int i = 0; i < 1_000; i++) {
      clock.addAndGet(SECOND / 1_000);
      budget.balance();
    }

    // Then
    assertEquals(3, budget.balance());
  }

  @Test
  void holdsNoMoreThanTenSecondsOfReserveHoweverLongItWasQuiet() {
    // Given
    RetryBudget budget = budget(0, 3);
    withdrawAll(budget);

    // When
    clock.addAndGet(Long.MAX_VALUE);

    // Then
    assertEquals(30, withdrawAll(budget));
  }

  @Test
  void savesAtMostAHundredEarnedRetries() {
    // Given
    RetryBudget budget = budget(0.5, 0);

    // When
    for (int i = 0; i < 10_000; i++) {
      budget.deposit();
    }

    // Then
    assertEquals(100, withdrawAll(budget));
  }

  @Test
  void spendsWhatWasEarnedBeforeTheReserve() {
    // Given
    RetryBudget budget = budget(1, 1);
    budget.deposit();

    // When
    boolean allowed = budget.tryWithdraw();
    clock.addAndGet(SECOND);

    // Then: had the reserve been touched, it would have refilled
    assertTrue(allowed);
    assertEquals(10, budget.balance());
  }

  @Test
  void paysOneRetryFromBothPurses() {
    // Given
    RetryBudget budget = budget(0.5, 1);
    withdrawAll(budget);
    budget.deposit();

    // When
    clock.addAndGet(SECOND / 2);

    // Then
    assertEquals(1, budget.balance());
    assertTrue(budget.tryWithdraw());
    assertEquals(0, budget.balance());
  }

  @Test
  void neverAllowsAnythingWithoutRatioAndReserve() {
    // Given
    RetryBudget budget = budget(0, 0);

    // When
    for (int i = 0; i < 1_000; i++) {
      budget.deposit();
      clock.addAndGet(SECOND);
    }

    // Then
    assertFalse(budget.tryWithdraw());
    assertEquals(0, budget.balance());
  }

  @Test
  void takesNothingWhenItRefuses() {
    // Given
    RetryBudget budget = budget(0.75, 0);
    budget.deposit();

    // When
    boolean allowed = budget.tryWithdraw();

    // Then
    assertFalse(allowed);
    assertEquals(0.75, budget.balance());
  }

  @Test
  void keepsCountingWhenTheClockWrapsAround() {
    // Given
    clock.set(Long.MAX_VALUE - SECOND / 2);
    RetryBudget budget = budget(0, 4);
    withdrawAll(budget);

    // When
    clock.addAndGet(SECOND);

    // Then
    assertEquals(4, budget.balance());
  }

  @Test
  void keepsItsBoundsAtItsLargestSettings() {
    // Given
    RetryBudget budget = budget(100, 1_000_000);

    // When
    for (int i = 0; i < 5; i++) {
      budget.deposit();
      clock.addAndGet(9 * SECOND);
      budget.tryWithdraw();
    }

    // Then
    assertEquals(10_000_000 + 99, budget.balance());
  }

  @Test
  void givesNoRetryTwiceToThreadsThatAskTogether() throws Exception {
    // Given
    RetryBudget budget = budget(0.1, 5);
    Callable<Integer> loop =
        () -> {
          int allowed = 0;
          for (int i = 0; i < 1_000; i++) {
            budget.deposit();
            allowed += budget.tryWithdraw() ? 1 : 0;
          }
          return allowed;
        };
    ExecutorService threads = Executors.newFixedThreadPool(4);

    // When
    int allowed = 0;
    try {
      for (Future<Integer> one :
          threads.invokeAll(Stream.generate(() -> loop).limit(4).toList(), 30, TimeUnit.SECONDS)) {
        allowed += one.get();
      }
    } finally {
      threads.shutdownNow();
    }

    // Then: 4,000 first attempts earned 400, beside a reserve of 50
    assertEquals(450, allowed + budget.balance());
  }

  @Test
  void refusesSettingsOutOfRange() {
    for (double ratio : new double[] {-0.1, 100.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> budget(ratio, 0));
    }
    for (int perSecond : new int[] {-1, 1_000_001}) {
      assertThrows(IllegalArgumentException.class, () -> budget(0.1, perSecond));
    }
  }

  private RetryBudget budget(double ratio, int minPerSecond) {
    return new RetryBudget(ratio, minPerSecond, clock::get);
  }

  private static int withdrawAll(RetryBudget budget) {
    int allowed = 0;
    while (budget.tryWithdraw()) {
      allowed++;
    }
    return allowed;
  }
}
