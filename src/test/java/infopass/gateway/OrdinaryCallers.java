package infopass.gateway;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callers at a steady rate on connections that are kept; a late one is counted from when it should
 * have begun. For rehearsals.
 */
final class OrdinaryCallers {
  private static final int CONNECTIONS = 8;

  private final URI target;
  private final long periodNanos;
  private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
  private final AtomicInteger failures = new AtomicInteger();
  private List<ScheduledExecutorService> threads = List.of();

  OrdinaryCallers(int port, int perSecond) {
    this.target = URI.create("http://127.0.0.1:" + port);
    this.periodNanos = TimeUnit.SECONDS.toNanos(CONNECTIONS) / perSecond;
  }

  void begin() throws IOException {
    nanos.clear();
    failures.set(0);
    threads = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      KeepAliveCaller caller = new KeepAliveCaller(target, RunningGateway.SEED);
      ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
      long[] due = {System.nanoTime() + i * periodNanos / CONNECTIONS};
      thread.scheduleAtFixedRate(
          () -> {
            call(caller, due[0]);
            due[0] += periodNanos;
          },
          i * periodNanos / CONNECTIONS,
          periodNanos,
          TimeUnit.NANOSECONDS);
      threads.add(thread);
    }
  }

  private void call(KeepAliveCaller caller, long due) {
    try {
      caller.send();
      if (caller.receive().status() != 200) {
        failures.incrementAndGet();
      }
    } catch (IOException | RuntimeException lost) {
      failures.incrementAndGet();
    }
    nanos.add(System.nanoTime() - due);
  }

  void end() throws InterruptedException {
    for (ScheduledExecutorService thread : threads) {
      thread.shutdownNow();
      thread.awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  void run(int seconds) throws IOException, InterruptedException {
    begin();
    new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
    end();
  }

  void report(String when) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "ordinary calls %s: %s, %s failed; p50 %.1f, p99 %.1f, p99.9 %.1f, longest %.1f ms%n",
        when,
        sorted.length,
        failures.get(),
        at(sorted, 0.5),
        at(sorted, 0.99),
        at(sorted, 0.999),
        at(sorted, 1));
  }

  private static double at(long[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length))] / 1e6;
  }
}
