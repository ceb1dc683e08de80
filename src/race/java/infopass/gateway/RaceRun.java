package infopass.gateway;

import infopass.gateway.infopass.CircuitRace;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckSettings;

/**
 * Tries the interleavings of each race with Lincheck's model checker. Exits with 1 where a promise
 * was broken; the interleaving is then printed. Run on demand, see the robustness document.
 */
public final class RaceRun {
  private static final int INTERLEAVINGS = Integer.getInteger("races.interleavings", 20_000);
  private static final int CIRCUITS = Integer.getInteger("races.circuits", 500);
  private static final String ONLY = System.getProperty("races.only", "");

  /**
   * Longer loops are taken for threads that hang; the public entry has 50, and a window has 257
   * buckets.
   */
  private static final LincheckSettings SETTINGS =
      new LincheckSettings(LincheckSettings.Companion.getDEFAULT().getAnalyzeStdLib(), 500, 2000, 20);

  private RaceRun() {}

  public static void main(String[] args) {
    boolean failed = false;
    System.out.println("| promise | interleavings tried | |");
    System.out.println("| --- | --- | --- |");
    for (Race race : RaceScenariosTest.all()) {
      if (race.name().contains(ONLY)) {
        failed |= fails(race);
      }
    }
    failed |= circuitFails();
    System.exit(failed ? 1 : 0);
  }

  private static boolean fails(Race race) {
    long begun = System.nanoTime();
    try {
      Lincheck.runConcurrentTestInternal$lincheck(INTERLEAVINGS, SETTINGS, race.once());
    } catch (AssertionError broken) {
      System.out.printf("| %s | broken | |%n%s%n", race.name(), shortened(broken.getMessage()));
      return true;
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    System.out.printf("| %s | up to %,d | %d s |%n", race.name(), INTERLEAVINGS, seconds);
    return false;
  }

  /** The circuit's states are Vert.x', so it is tried on real event loops. */
  private static boolean circuitFails() {
    Vertx vertx = Vertx.vertx();
    try {
      CircuitRace.run(vertx, CIRCUITS);
      System.out.printf("| one probe at a time, lawful states | %,d on threads | |%n", CIRCUITS);
      return false;
    } catch (AssertionError broken) {
      System.out.println("| one probe at a time, lawful states | broken | |\n" + broken);
      return true;
    } finally {
      RunningGateway.await(vertx.close());
    }
  }

  /** Without the trace of every field that was read. */
  private static String shortened(String message) {
    int detailed = message.indexOf("Detailed trace:");
    return detailed < 0 ? message : message.substring(0, detailed);
  }
}
