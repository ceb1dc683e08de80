package infopass.gateway.resilience;

import static infopass.gateway.resilience.SimulatedCaller.between;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pacer and a partner with a quota, minutes of traffic at a time. */
class PacerSimulationTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Simulation simulation = new Simulation();

  @ParameterizedTest
  @CsvSource({
    "sliding, 20, 60, 0", "sliding, 20, 60, 1", "sliding, 100, 10, 0", "sliding, 100, 10, 2",
    "fixed, 20, 60, 0", "fixed, 20, 60, 23", "fixed, 20, 60, 51", "fixed, 100, 10, 0",
    "fixed, 100, 10, 4", "fixed, 100, 10, 9", "silent, 60, 60, 3"
  })
  void learnsAnUnknownQuotaAndUsesItUp(String kind, int limit, int seconds, int startAt) {
    // Given
    Duration per = Duration.ofSeconds(seconds);
    SimulatedPartner partner = partner(kind, limit, per);
    SimulatedCaller caller = caller(pacer(0, MINUTE), partner, "app");
    simulation.run(Duration.ofSeconds(startAt));

    // When
    simulation.every(Duration.ofMillis(10), Duration.ofMinutes(10), caller::offer);
    simulation.run(Duration.ofMinutes(15));

    // Then
    long late = between(caller.tooMany, startAt + 180, 1000);
    long goodput = between(caller.succeeded, startAt + 180, startAt + 600);
    double quota = 420.0 / seconds * limit;
    caller.assertNobodyLost();
    assertTrue(late <= 12, () -> "429 after learning: " + caller.tooMany);
    assertTrue(goodput >= 0.9 * quota, () -> "only " + goodput + " of " + quota);
    assertTrue(
        between(caller.refusedLate, startAt + 180, 1000) <= goodput / 20,
        () -> "overtaken: " + caller.refusedLate);
  }

  @ParameterizedTest
  @CsvSource({
    "sliding, 20, 60",
    "fixed, 20, 60",
    "sliding, 100, 10",
    "fixed, 100, 10",
    "sliding, 5, 5"
  })
  void neverExceedsAKnownQuota(String kind, int limit, int seconds) {
    // Given
    Duration per = Duration.ofSeconds(seconds);
    SimulatedCaller caller = caller(pacer(limit, per), partner(kind, limit, per), "app");

    // When
    simulation.every(Duration.ofMillis(10), Duration.ofMinutes(10), caller::offer);
    simulation.run(Duration.ofMinutes(15));

    // Then
    caller.assertNobodyLost();
    assertEquals(0, caller.tooMany.size());
    assertTrue(caller.succeeded.size() >= 0.9 * 600 / seconds * limit);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.5", "0, 5", "100, 0.5", "100, 4", "100, 8"})
  void givesASmallCallerItsFullShareBesideALargeOne(int known, double smallPerSecond) {
    // Given
    Duration per = Duration.ofSeconds(10);
    Pacer pacer = pacer(known, per);
    SimulatedPartner partner = partner("sliding", 100, per);
    SimulatedCaller large = caller(pacer, partner, "large");
    SimulatedCaller small = caller(pacer, partner, "small");

    // When
    simulation.every(Duration.ofMillis(10), Duration.ofMinutes(5), large::offer);
    Duration interval = Duration.ofNanos((long) (1e9 / smallPerSecond));
    simulation.every(interval, Duration.ofMinutes(5), small::offer);
    simulation.run(Duration.ofMinutes(8));

    // Then
    large.assertNobodyLost();
    small.assertNobodyLost();
    double share = Math.min(smallPerSecond, 5) * 180;
    long got = between(small.succeeded, 120, 300);
    assertTrue(got >= 0.9 * share, () -> got + " of " + share);
  }

  @Test
  void refusesAtOnceWhatCannotBeSentInTime() {
    // Given
    Duration per = Duration.ofSeconds(10);
    SimulatedCaller caller = caller(pacer(100, per), partner("fixed", 100, per), "app");

    // When
    simulation.every(Duration.ofNanos(500_000), Duration.ofSeconds(1), caller::offer);
    simulation.run(Duration.ofMinutes(2));

    // Then
    caller.assertNobodyLost();
    assertEquals(2_000, caller.offered);
    assertEquals(0, caller.refusedLate.size());
    assertEquals(0, caller.tooMany.size());
    assertEquals(205, caller.granted, 10);
  }

  @ParameterizedTest
  @CsvSource({"1", "30", "90", "500", "3000", "20000"})
  void aStrayRefusalIsForgottenSoonAfterItsHold(int after) {
    // Given
    SimulatedPartner partner = SimulatedPartner.unlimited(simulation, 7);
    Pacer pacer = pacer(0, MINUTE);
    SimulatedCaller caller = caller(pacer, partner, "app");
    partner.refuseOnce(after);

    // When
    simulation.every(Duration.ofMillis(10), Duration.ofMinutes(10), caller::offer);
    while (caller.tooMany.isEmpty()) {
      simulation.run(Duration.ofMillis(1));
    }
    simulation.run(Duration.ofSeconds(10));
    int waiting = pacer.snapshot().waiting();
    simulation.run(Duration.ofSeconds(15));
    int before = caller.granted;
    simulation.run(Duration.ofSeconds(60));

    // Then
    assertTrue(waiting <= 10, () -> waiting + " wait 3 s after the hold");
    assertEquals(6_000, caller.granted - before);
    assertEquals("FREE", pacer.snapshot().state());
  }

  private Pacer pacer(int known, Duration per) {
    return new Pacer(known, per, 5_000, simulation, new Random(3), simulation);
  }

  private SimulatedCaller caller(Pacer pacer, SimulatedPartner partner, String name) {
    return new SimulatedCaller(simulation, pacer, partner, name, PATIENCE);
  }

  private SimulatedPartner partner(String kind, int limit, Duration per) {
    return switch (kind) {
      case "sliding" -> SimulatedPartner.sliding(simulation, 5, limit, per);
      case "fixed" -> SimulatedPartner.fixed(simulation, 5, limit, per);
      default -> SimulatedPartner.silent(simulation, 5, limit, per);
    };
  }
}
