package infopass.gateway;

import infopass.gateway.callers.CallersRaces;
import infopass.gateway.countdown.CountdownRaces;
import infopass.gateway.idempotency.IdempotencyRaces;
import infopass.gateway.infopass.CircuitRace;
import infopass.gateway.infopass.InfopassRaces;
import infopass.gateway.intake.IntakeRaces;
import infopass.gateway.resilience.ResilienceRaces;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every race a few times on real threads, so that the scenarios themselves stay right. All their
 * interleavings are tried on demand, see the robustness document.
 */
class RaceScenariosTest {
  private static final int TIMES = 200;
  private static final int CIRCUITS = 10;

  static List<Race> all() {
    return Stream.of(
            IntakeRaces.all(),
            CountdownRaces.all(),
            CallersRaces.all(),
            ResilienceRaces.all(),
            IdempotencyRaces.all(),
            InfopassRaces.all())
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("all")
  void holdsOnRealThreads(Race race) {
    for (int i = 0; i < TIMES; i++) {
      race.once().run();
    }
  }

  @Test
  @Timeout(60)
  void theCircuitHoldsOnRealThreads() {
    Vertx vertx = Vertx.vertx();
    try {
      CircuitRace.run(vertx, CIRCUITS);
    } finally {
      RunningGateway.await(vertx.close());
    }
  }
}
