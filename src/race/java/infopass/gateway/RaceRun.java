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
  private static final int INTERLEAVINGS = Integer.getInteger("races.interleavings", 100);
  private static final int ON_THREADS = Integer.getInteger("races.onThreads", 1_000);
  private static final String ONLY = System.getProperty("races.only", "");

  /**
   * Longer loops are taken for threads that hang; the public entry has 50, and a window has 257
   * buckets.
   */
  private static final LincheckSettings SETTINGS =
      new LincheckSettings(
          LincheckSettings.Companion.getDEFAULT().getAnalyzeStdLib(), 500, 2000, 20);

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
    if (!race.modelled()) {
      return failsOnThreads(race.name(), race.once());
    }
    try {
      Lincheck.runConcurrentTestInternal$lincheck(INTERLEAVINGS, SETTINGS, race.once());
    } catch (AssertionError broken) {
      if (!broken.getMessage().contains("The following interleaving")) {
        // It gives one run 10 s of the wall clock; what truly hangs hangs on threads too.
        return failsOnThreads(race.name() + " (too slow to be modelled here)", race.once());
      }
      System.out.printf("| %s | broken | |%n%s%n", race.name(), shortened(broken.getMessage()));
      return true;
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    System.out.printf("| %s | up to %,d | %s s |%n", race.name(), INTERLEAVINGS, seconds);
    return false;
  }

  private static boolean failsOnThreads(String name, Runnable once) {
    try {
      for (int i = 0; i < ON_THREADS; i++) {
        once.run();
      }
      System.out.printf("| %s | %,d times on threads | |%n", name, ON_THREADS);
      return false;
    } catch (AssertionError broken) {
      System.out.printf("| %s | broken | |%n%s%n", name, broken);
      return true;
    }
  }

  /** The circuit's states are Vert.x', so it is tried on real event loops. */
  private static boolean circuitFails() {
    Vertx vertx = Vertx.vertx();
    try {
      return failsOnThreads("one probe at a time, lawful states", () -> CircuitRace.run(vertx, 1));
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
