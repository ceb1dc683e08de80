package infopass.gateway.metrics;

import infopass.gateway.digilocker.Problem;
import io.vertx.core.http.HttpMethod;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What metrics cost a request, and a scrape: everything that is pushed for one granted init, on one
 * thread, in processor time. Run on demand, see the performance document.
 */
public final class MetricsBenchmark {
  private static final int REQUESTS = 5_000_000;
  private static final int SCRAPES = 200;

  private MetricsBenchmark() {}

  public static void main(String[] args) {
    try (Metrics metrics = new Metrics()) {
      AnswerTimers answers = new AnswerTimers(metrics);
      AttemptTimers attempts = new AttemptTimers(metrics);
      WaitTimer waits = new WaitTimer(metrics);
      CallerCounters callers = new CallerCounters(metrics, List.of("shop", "bank"));
      for (Problem problem : Problem.values()) {
        answers.answered("/init", HttpMethod.POST, problem.status(), Optional.of(problem), 1);
      }
      for (int round = 0; round < 5; round++) {
        long cpu = cpuNanos();
        for (int i = 0; i < REQUESTS; i++) {
          long took = 1_000_000L + ThreadLocalRandom.current().nextInt(100_000_000);
          waits.accept(0);
          attempts.granted(1, took);
          callers.ended("shop", true, true);
          answers.answered("/init", HttpMethod.POST, 200, Optional.empty(), took);
        }
        double each = (double) (cpuNanos() - cpu) / REQUESTS;
        cpu = cpuNanos();
        int bytes = 0;
        for (int i = 0; i < SCRAPES; i++) {
          bytes = metrics.text().length();
        }
        double scrape = (cpuNanos() - cpu) / 1e6 / SCRAPES;
        System.out.printf(
            Locale.ROOT,
            "%.0f ns per request; %.2f ms per scrape of %s KiB%n",
            each,
            scrape,
            bytes >> 10);
      }
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
