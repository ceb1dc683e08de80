package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({"3, 5, 6", "20, 60, 30", "10, 1, 15"})
  void whoComesBackAsToldUnderAKnownQuotaIsServed(int limit, int seconds, int refused) {
    // Given
    Pacer pacer = pacer(limit, Duration.ofSeconds(seconds));
    for (int i = 0; i < limit; i++) {
      ask(pacer, LITTLE).sentWithin(LITTLE).answeredWell();
    }
    List<Duration> told = new ArrayList<>();
    for (int i = 0; i < refused; i++) {
      told.add(refused(pacer, LITTLE));
    }

    // When
    List<SingleCall> back = new ArrayList<>();
    for (Duration each : told) {
      simulation.after(each, () -> back.add(ask(pacer, Duration.ofSeconds(2))));
    }
    simulation.run(Duration.ofMinutes(4));

    // Then
    assertEquals(refused, back.size());
    back.forEach(call -> assertNotNull(call.waited, () -> "refused again, of " + told));
  }

  @Test
  void aFloodOfRefusalsIsNotToldAnAgeToWait() {
    // Given
    Pacer pacer = pacer(3, Duration.ofSeconds(5));
    for (int i = 0; i < 3; i++) {
      ask(pacer, LITTLE).sentWithin(LITTLE).answeredWell();
    }

    // Then
    for (int i = 0; i < 10_000; i++) {
      Duration told = refused(pacer, LITTLE);
      assertTrue(told.toSeconds() <= 17, () -> "told " + told);
    }
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
