package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What single refusals teach the pacer, and for how long that lasts. */
class PacerRefusalTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

  private final Simulation simulation = new Simulation();
  private final Pacer pacer =
      new Pacer(0, Duration.ofMinutes(1), 5_000, simulation, new Random(3), simulation);

  @Test
  void refusalsWithNothingGrantedInBetweenTeachNoQuota() {
    // Given
    good();
    good();

    // When
    for (int i = 0; i < 10; i++) {
      refused(TWO_SECONDS);
    }
    simulation.run(TWO_SECONDS);

    // Then
    assertEquals(0, pacer.snapshot().limit());
    for (int i = 0; i < 20; i++) {
      assertEquals(Duration.ZERO, good());
    }
  }

  @Test
  void refusalsWithNothingGrantedInBetweenLeaveASuspectedLimitAsItIs() {
    // Given
    for (int i = 0; i < 30; i++) {
      good();
    }
    refused(TWO_SECONDS);
    assertEquals("SUSPECTED", pacer.snapshot().state());

    // When
    for (int i = 0; i < 5; i++) {
      refused(TWO_SECONDS);
    }

    // Then
    assertEquals("SUSPECTED", pacer.snapshot().state());
    assertEquals(30, pacer.snapshot().limit());
  }

  @Test
  void refusalsWithNothingGrantedInBetweenDoNotLowerAKnownQuota() {
    // Given
    pacer.quota(20, Duration.ofMinutes(1));
    for (int i = 0; i < 5; i++) {
      good();
    }

    // When
    for (int i = 0; i < 5; i++) {
      refused(TWO_SECONDS);
    }

    // Then
    assertEquals(20, pacer.snapshot().limit());
  }

  @Test
  void aSmallConfirmedLimitThatIsNoneSlowsOneCallAfterTheOtherForAFewWindowsOnly() {
    // Given
    confirmASmallLimit();

    // When
    long begun = simulation.elapsedNanos();
    while (simulation.elapsedNanos() - begun < Duration.ofSeconds(60).toNanos()) {
      good();
    }

    // Then
    for (int i = 0; i < 20; i++) {
      assertTrue(good().toMillis() <= 200, () -> "still slow: " + pacer.snapshot());
    }
  }

  @Test
  void aSmallConfirmedLimitThatIsNoneIsRaisedThoughItIsOnlyWantedNowAndThen() {
    // Given
    confirmASmallLimit();
    int confirmed = pacer.snapshot().limit();

    // When
    for (int i = 0; i < 30; i++) {
      simulation.run(Duration.ofSeconds(20));
      for (int j = 0; j <= confirmed; j++) {
        good();
      }
    }

    // Then
    assertTrue(pacer.snapshot().limit() > confirmed, () -> "still " + pacer.snapshot());
  }

  private void confirmASmallLimit() {
    for (int i = 0; i < 4 && !pacer.snapshot().state().equals("CONFIRMED"); i++) {
      good();
      refused(TWO_SECONDS);
    }
    assertEquals("CONFIRMED", pacer.snapshot().state());
    assertTrue(pacer.snapshot().limit() <= 2, () -> "no small limit: " + pacer.snapshot());
  }

  /** How long it waited. */
  private Duration good() {
    SingleCall call = SingleCall.ask(simulation, pacer, PATIENCE).sentWithin(PATIENCE);
    call.answeredWell();
    return call.waited;
  }

  private void refused(Duration adviceOrNull) {
    SingleCall.ask(simulation, pacer, PATIENCE).sentWithin(PATIENCE).refusedByPartner(adviceOrNull);
  }
}
