package infopass.gateway.load;

import infopass.gateway.RunningGateway;
import infopass.gateway.sandbox.SandboxOptions;
import java.time.Duration;
import java.util.Locale;

/**
 * Three times the capacity is offered: what is still served, how long that takes, what the refused
 * cost, and how soon all is well again. The capacity is that of the partner's connections: 32 of 20
 * ms each. Run on demand, see the performance document.
 */
public final class OverloadRehearsal {
  private static final int CONNECTIONS = 32;
  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final int SECONDS = Integer.getInteger("seconds", 30);

  private OverloadRehearsal() {}

  public static void main(String[] args) {
    Score.quietLogs();
    SandboxOptions options = SandboxOptions.defaults().withLatency(LATENCY);
    try (RunningGateway gateway =
            RunningGateway.start(
                "infopass: {pool: {size: %1$s, waitQueue: %1$s}}".formatted(CONNECTIONS), options);
        OpenLoop driver = new OpenLoop("127.0.0.1", gateway.port(), 2_048)) {
      run(gateway, driver, "warm-up", 500, 10);
      double capacity = closedPeak(gateway, driver);
      System.out.printf(Locale.ROOT, "capacity: %.0f links/s%n", capacity);
      Score at = run(gateway, driver, "at capacity", capacity, 10);
      Score over = run(gateway, driver, "three times as much", 3 * capacity, SECONDS);
      Score after = run(gateway, driver, "the 2 s after it, at 80 %", 0.8 * capacity, 2);
      System.out.printf(
          Locale.ROOT,
          "goodput under overload: %.0f %% of the capacity; p99 of the served: %.2f times that at"
              + " capacity; not served in the 2 s after: %s%n",
          100.0 * over.count("200") / SECONDS / capacity,
          over.millis("200", 99) / at.millis("200", 99),
          after.total() - after.count("200"));
    }
  }

  /** What is served when more is always there than can be. */
  private static double closedPeak(RunningGateway gateway, OpenLoop driver) {
    double offered = 1.2 * CONNECTIONS * 1_000 / LATENCY.toMillis();
    Score score = run(gateway, driver, "to find the capacity", offered, 10);
    return score.count("200") / 10.0;
  }

  private static Score run(
      RunningGateway gateway, OpenLoop driver, String title, double perSecond, int seconds) {
    Score score = new Score();
    driver.run(
        perSecond,
        Duration.ofSeconds(seconds),
        Duration.ofSeconds(30),
        shot -> QuotaRehearsal.shot("user"),
        score);
    gateway.journal().clear();
    System.gc();
    Runtime jvm = Runtime.getRuntime();
    System.out.printf(
        Locale.ROOT,
        "%s: %.0f requests/s for %s s; heap afterwards %s MiB%n%s",
        title,
        perSecond,
        seconds,
        (jvm.totalMemory() - jvm.freeMemory()) >> 20,
        score.table());
    return score;
  }
}
