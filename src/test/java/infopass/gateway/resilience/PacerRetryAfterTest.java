package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whether those who are refused are told the truth about when to come back. */
class PacerRetryAfterTest {
  private static final Duration LITTLE = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Simulation simulation = new Simulation();

  @Test
  void whileALimitIsOnlySuspectedTheRefusedAreToldWhenTheNextCallPasses() {
    // Given
    Pacer pacer = suspecting(null);

    // When
    Duration told = refused(pacer, LITTLE);

    // Then
    assertTrue(told.toMillis() <= 3_000, () -> "told " + told);
    simulation.run(told);
    assertEquals(Duration.ZERO, ask(pacer, LITTLE).sentWithin(LITTLE).waited);
  }

  @Test
  void aHoldOfASuspectedLimitIsToldInFull() {
    // Given
    Pacer pacer = suspecting(Duration.ofSeconds(30));

    // When
    Duration told = refused(pacer, LITTLE);

    // Then
    assertTrue(told.toMillis() >= 29_900 && told.toMillis() <= 38_000, () -> "told " + told);
  }

  @Test
  void whoCanWaitForTheTrialOfASuspectedLimitIsNotRefused() {
    // Given
    Pacer pacer = suspecting(null);

    // When
    SingleCall first = ask(pacer, PATIENCE);
    Duration second = refused(pacer, PATIENCE);

    // Then
    first.sentWithin(Duration.ofSeconds(2));
    assertTrue(second.toMillis() <= 3_000, () -> "told " + second);
  }

  /** A pacer that was refused after 30 calls, and takes that for the quota of a minute. */
  private Pacer suspecting(Duration adviceOrNull) {
    Pacer pacer = pacer(0, Duration.ofMinutes(1));
    for (int i = 0; i < 30; i++) {
      ask(pacer, LITTLE).sentWithin(LITTLE).answeredWell();
    }
    ask(pacer, LITTLE).sentWithin(LITTLE).refusedByPartner(adviceOrNull);
    assertEquals("SUSPECTED", pacer.snapshot().state());
    return pacer;
  }

  private Pacer pacer(int known, Duration per) {
    return new Pacer(known, per, 5_000, simulation, new Random(3), simulation);
  }

  private SingleCall ask(Pacer pacer, Duration patience) {
    return SingleCall.ask(simulation, pacer, patience);
  }

  private Duration refused(Pacer pacer, Duration patience) {
    Duration told = ask(pacer, patience).retryAfter;
    assertNotNull(told, "it was not refused");
    return told;
  }
}
