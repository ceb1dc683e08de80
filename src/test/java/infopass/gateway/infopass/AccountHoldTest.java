package infopass.gateway.infopass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AccountHoldTest {
  private final AtomicLong now = new AtomicLong(-3);
  private final AccountHold hold = new AccountHold(now::get);

  @Test
  void oneOrTwoRefusalsHoldNobodyBack() {
    pass().refused(401);
    pass().refused(403);
    assertFalse(hold.held());
    pass().refused(402);
    assertTrue(hold.held());
  }

  @Test
  void whatIsTakenInBetweenMakesEarlierRefusalsWorthless() {
    for (int i = 0; i < 10; i++) {
      pass().refused(402);
      pass().refused(402);
      pass().accepted();
    }
    assertFalse(hold.held());
  }

  @Test
  void whatTellsNothingOfTheAccountDoesNotInterruptTheRow() {
    pass().refused(401);
    pass().untold();
    pass().refused(401);
    pass().untold();
    pass().refused(401);
    assertTrue(hold.held());
  }

  @Test
  void oneCallProbesAfterEverLongerTimes() {
    // Given
    refuseThree();
    List<Long> seconds = new ArrayList<>();

    // When
    for (int round = 0; round < 6; round++) {
      assertTrue(hold.enter().isEmpty());
      seconds.add(hold.retryAfter().toSeconds());
      now.addAndGet(hold.retryAfter().toNanos());
      AccountHold.Pass probe = pass();
      assertTrue(hold.enter().isEmpty(), "a second probe");
      probe.refused(403);
    }

    // Then
    assertEquals(List.of(5L, 10L, 20L, 40L, 60L, 60L), seconds);
  }

  @Test
  void theFirstThatIsTakenEndsIt() {
    // Given
    refuseThree();

    // When
    now.addAndGet(Duration.ofSeconds(5).toNanos());
    pass().accepted();

    // Then
    assertFalse(hold.held());
    pass().refused(401);
    pass().refused(401);
    assertFalse(hold.held(), "the count began anew");
    pass().refused(401);
    assertTrue(hold.held());
  }

  @Test
  void whatWentOutBeforeTheHoldChangesNothing() {
    // Given
    AccountHold.Pass granted = pass();
    AccountHold.Pass refused = pass();
    now.addAndGet(1);
    refuseThree();

    // When
    granted.accepted();
    refused.refused(401);

    // Then
    assertTrue(hold.held());
    assertEquals(5, hold.retryAfter().toSeconds());
  }

  @Test
  void aProbeThatLearnsNothingLetsTheNextOneTry() {
    // Given
    refuseThree();
    now.addAndGet(Duration.ofSeconds(5).toNanos());

    // When
    pass().untold();

    // Then
    assertTrue(hold.enter().isEmpty());
    now.addAndGet(Duration.ofSeconds(5).toNanos());
    pass();
  }

  private void refuseThree() {
    for (int status : new int[] {401, 403, 402}) {
      pass().refused(status);
    }
  }

  private AccountHold.Pass pass() {
    return hold.enter().orElseThrow();
  }
}
