package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventLoopsTest {
  // Near the end of its range: only differences of readings mean anything.
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final EventLoops loops = new EventLoops(nanos::get);

  private void beatAfter(EventLoops.Heart heart, long millis) {
    pass(millis);
    heart.beat(nanos.get());
  }

  private void pass(long millis) {
    nanos.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  @Test
  void aLoopInTimeHasNoLag() {
    // Given
    EventLoops.Heart heart = loops.begin();

    // When
    for (int i = 0; i < 500; i++) {
      beatAfter(heart, EventLoops.BEAT_MILLIS);
    }

    // Then
    assertEquals(0, loops.lagSeconds(0));
  }

  @Test
  void theWorstDelayIsRememberedForTenToTwentySeconds() {
    // Given
    EventLoops.Heart heart = loops.begin();
    beatAfter(heart, EventLoops.BEAT_MILLIS + 250);

    // When, Then
    for (long passed = 0; passed < 9_500; passed += EventLoops.BEAT_MILLIS) {
      beatAfter(heart, EventLoops.BEAT_MILLIS);
      assertEquals(0.25, loops.lagSeconds(0), 1e-9);
    }
    for (long passed = 0; passed < 11_000; passed += EventLoops.BEAT_MILLIS) {
      beatAfter(heart, EventLoops.BEAT_MILLIS);
    }
    assertEquals(0, loops.lagSeconds(0));
  }

  @Test
  void aBlockedLoopShowsBeforeItTurnsAgain() {
    // Given
    EventLoops.Heart well = loops.begin();
    loops.begin();

    // When
    pass(3_100);
    well.beat(nanos.get());

    // Then
    assertEquals(3, loops.lagSeconds(0), 1e-9);
    assertEquals(3, loops.lagSeconds(1), 1e-9);
    pass(2_000);
    assertEquals(5, loops.lagSeconds(1), 1e-9);
    assertEquals(0, loops.lagSeconds(2), "there is no such loop");
  }

  @Test
  void aLoopThatIsSilentForLongIsStuck() {
    // Given
    EventLoops.Heart heart = loops.begin();
    pass(10_000);
    assertTrue(loops.turn());

    // When
    pass(1);

    // Then
    assertFalse(loops.turn());
    heart.beat(nanos.get());
    assertTrue(loops.turn());
  }
}
