package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
  private static final long STEP = TimerWheel.STEP_MILLIS;

  private final Queue<Runnable> wakeUps = new ArrayDeque<>();
  private final List<String> ran = new ArrayList<>();
  private long nanos = -5_000_000_000L;
  private final TimerWheel wheel = new TimerWheel(() -> nanos, (millis, run) -> wakeUps.add(run));

  private TimerWheel.Timeout set(long millis, String name) {
    return wheel.after(millis, () -> ran.add(name));
  }

  /** Lets time pass, the event loop keeping pace. */
  private void pass(long millis) {
    for (long i = 0; i < millis; i += STEP) {
      jump(Math.min(STEP, millis - i));
    }
  }

  /** Lets time pass while the event loop is busy, then lets it run what is due. */
  private void jump(long millis) {
    nanos += Duration.ofMillis(millis).toNanos();
    for (int due = wakeUps.size(); due > 0; due--) {
      wakeUps.remove().run();
    }
  }

  @Test
  void runsWhatIsDueAndNeverEarly() {
    set(100, "a");

    pass(95);
    jump(4);
    assertEquals(List.of(), ran);
    pass(STEP + 1);
    assertEquals(List.of("a"), ran);
    assertEquals(0, wheel.pending());
  }

  @Test
  void noActionIsEarlyNorLaterThanTwoSteps() {
    SplittableRandom random = new SplittableRandom(3);
    List<Long> late = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      long millis = random.nextLong(0, 10_000);
      long due = nanos + Duration.ofMillis(millis).toNanos();
      wheel.after(millis, () -> late.add(nanos - due));
      jump(random.nextLong(0, 3));
    }
    pass(10_000 + 2 * STEP);

    assertEquals(5_000, late.size());
    long mostNanos = Duration.ofMillis(2 * STEP).toNanos();
    assertTrue(late.stream().allMatch(nanos -> nanos >= 0 && nanos <= mostNanos));
  }

  @Test
  void whatIsCancelledDoesNotRun() {
    TimerWheel.Timeout first = set(10, "a");
    TimerWheel.Timeout second = set(10, "b");
    set(10, "c");

    second.cancel();
    second.cancel();
    assertEquals(2, wheel.pending());
    pass(30);
    first.cancel();
    assertEquals(List.of("a", "c"), ran);
    assertEquals(0, wheel.pending());
  }

  @Test
  void anActionMayCancelOthersThatAreDueWithIt() {
    List<TimerWheel.Timeout> others = new ArrayList<>();
    wheel.after(10, () -> others.forEach(TimerWheel.Timeout::cancel));
    others.add(set(10, "same step"));
    others.add(set(13, "next step"));
    others.add(set(500, "later"));

    jump(40);
    pass(1_000);
    assertEquals(List.of(), ran);
    assertEquals(0, wheel.pending());
  }

  @Test
  void anActionMaySetTheNext() {
    wheel.after(10, () -> set(10, "second"));

    jump(50);
    assertEquals(List.of(), ran);
    pass(20);
    assertEquals(List.of("second"), ran);
  }

  @Test
  void longerThanARoundWaitsForItsRound() {
    long round = 512 * STEP;
    set(2 * round + 20, "long");
    set(20, "short");

    pass(30);
    assertEquals(List.of("short"), ran);
    pass(2 * round - 30);
    assertEquals(List.of("short"), ran);
    pass(40);
    assertEquals(List.of("short", "long"), ran);
  }

  @Test
  void catchesUpAfterAPauseOfManyRounds() {
    set(20, "short");
    set(60_000, "long");

    jump(3_600_000);
    assertTrue(ran.containsAll(List.of("short", "long")));
  }

  @Test
  void standsStillWhileNothingIsSet() {
    set(10, "a").cancel();
    pass(3 * STEP);
    assertTrue(wakeUps.isEmpty());

    jump(100_000);
    set(10, "b");
    assertFalse(wakeUps.isEmpty());
    pass(20);
    assertEquals(List.of("b"), ran);
  }

  @Test
  void anActionThatThrowsKeepsNoOtherFromRunning() {
    wheel.after(
        10,
        () -> {
          throw new IllegalStateException("bug");
        });
    set(10, "other");

    assertThrows(IllegalStateException.class, () -> jump(20));
    pass(2 * STEP);
    assertEquals(List.of("other"), ran);
    assertEquals(0, wheel.pending());
  }

  @Test
  void aTimeBeyondTheClockIsAsGoodAsNever() {
    TimerWheel.Timeout never = set(Long.MAX_VALUE, "never");
    set(-7, "at once");

    pass(10_000);
    assertEquals(List.of("at once"), ran);
    never.cancel();
    assertEquals(0, wheel.pending());
  }

  @Test
  void whatIsOverHoldsOnToNothingThatCameAfterIt() {
    // Given
    TimerWheel.Timeout first = set(10, "a");
    TimerWheel.Timeout second = set(10, "b");
    WeakReference<TimerWheel.Timeout> later = new WeakReference<>(second);

    // When
    first.cancel();
    second.cancel();
    second = null;

    // Then
    for (int i = 0; i < 50 && later.get() != null; i++) {
      System.gc();
    }
    assertNull(later.get());
    Reference.reachabilityFence(first);
  }
}
