package infopass.gateway.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WriteProgressTest {
  private final WriteProgress progress = new WriteProgress(10, 60);

  @Test
  void whoTakesNothingIsLateAfterTheTimeOfAStall() {
    Object first = "first";
    assertFalse(progress.late(0, 100, first, 5));
    assertFalse(progress.late(10, 100, first, 5));
    assertTrue(progress.late(11, 100, first, 5));
  }

  @Test
  void moreThatWaitsIsNoProgress() {
    Object first = "first";
    assertFalse(progress.late(0, 100, first, 0));
    assertFalse(progress.late(6, 200, first, 0));
    assertTrue(progress.late(11, 300, first, 0));
  }

  @Test
  void eachMoveGivesNewTime() {
    assertFalse(progress.late(0, 100, "first", 0));
    assertFalse(progress.late(9, 100, "first", 1));
    assertFalse(progress.late(18, 100, "second", 1));
    assertFalse(progress.late(27, 90, "second", 1));
    assertFalse(progress.late(37, 90, "second", 1));
    assertTrue(progress.late(38, 90, "second", 1));
  }

  @Test
  void whoTakesALittleButNeverCatchesUpIsLateInTheEnd() {
    for (int now = 0; now <= 60; now += 5) {
      assertFalse(progress.late(now, 1_000, "first", now));
    }
    assertTrue(progress.late(61, 1_000, "first", 61));
  }

  @Test
  void whoHasCaughtUpBeginsAnew() {
    for (int now = 0; now <= 200; now += 5) {
      assertFalse(progress.late(now, now % 50 == 0 ? 0 : 1_000, "first", now), "at " + now);
    }
  }
}
