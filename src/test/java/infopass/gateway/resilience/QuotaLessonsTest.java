package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaLessonsTest {
  private static final long FREE_PER = 60;

  private final QuotaLessons lessons = new QuotaLessons();

  private QuotaBelief learn(QuotaBelief before, int used, int inRun, boolean whole, long window) {
    return lessons.learn(
        before, new QuotaLessons.Seen(used, inRun, whole, window), false, FREE_PER);
  }

  @Test
  void aFewCallsAreASlowStartAtFirstAndALimitTheSecondTime() {
    QuotaBelief free = QuotaBelief.free(FREE_PER);
    QuotaBelief slow = learn(free, 9, 9, true, 10);

    assertEquals(QuotaBelief.slowStart(FREE_PER), slow);
    assertEquals(QuotaBelief.suspected(8, 10), learn(slow, 8, 8, true, 10));
  }

  @Test
  void manyCallsAreSuspectedAtOnce() {
    assertEquals(
        QuotaBelief.suspected(20, 10), learn(QuotaBelief.free(FREE_PER), 20, 20, true, 10));
  }

  @Test
  void aRunThatBeganBeforeTheWindowTellsNothingOfTheWindow() {
    assertEquals(
        QuotaBelief.suspected(20, FREE_PER), learn(QuotaBelief.free(FREE_PER), 20, 90, false, 10));
  }

  @ParameterizedTest
  @CsvSource({"20, 20", "20, 15", "20, 25", "4, 6"})
  void aboutTheSameCountAgainConfirmsIt(int suspected, int used) {
    assertEquals(
        QuotaBelief.confirmed(used, 10),
        learn(QuotaBelief.suspected(suspected, 10), used, 99, true, 30));
  }

  @ParameterizedTest
  @CsvSource({"20, 14", "20, 26"})
  void anotherCountIsSuspectedInItsPlace(int suspected, int used) {
    assertEquals(
        QuotaBelief.suspected(used, 30),
        learn(QuotaBelief.suspected(suspected, 10), used, used, true, 30));
  }

  @ParameterizedTest
  @CsvSource({"30, 30", "11, 10"})
  void aCountThatWentOnBeyondItsWindowBelongsToALongerOne(long seen, long confirmed) {
    QuotaLessons.Seen before = new QuotaLessons.Seen(3, 20, true, seen);

    assertEquals(
        QuotaBelief.confirmed(20, confirmed),
        lessons.learn(QuotaBelief.suspected(20, 10), before, true, FREE_PER));
  }

  @Test
  void aBelievedLimitIsLoweredByWhatIsNearItOrComesTwice() {
    assertTrue(lessons.lowers(20, 16, false));
    assertFalse(lessons.lowers(20, 5, false), "it may have been about something else");
    assertTrue(lessons.lowers(20, 6, false));
  }

  @Test
  void whatATrialOfMoreIsRefusedSaysNothingOfTheLimit() {
    assertFalse(lessons.lowers(20, 20, true));
    assertFalse(lessons.oneLess());
  }

  @Test
  void lateRefusalsLowerWhatWasCounted() {
    learn(QuotaBelief.free(FREE_PER), 20, 20, true, 10);
    assertTrue(lessons.oneLess());

    lessons.nothing();
    assertFalse(lessons.oneLess());
  }

  @Test
  void whatIsForgottenIsNotHeldAgainstTheNext() {
    learn(QuotaBelief.free(FREE_PER), 9, 9, true, 10);
    lessons.forget();

    assertEquals(
        QuotaBelief.slowStart(FREE_PER), learn(QuotaBelief.free(FREE_PER), 9, 9, true, 10));
  }
}
