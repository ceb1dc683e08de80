package infopass.gateway.countdown;

import com.sun.management.ThreadMXBean;
import infopass.gateway.FakeClock;
import infopass.gateway.bus.SessionEvent;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.TokenExpiry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * One million live sessions in one ledger: heap per session, processor time of entering and of
 * telling, and that no event is lost or doubled. Run on demand, see the performance document.
 */
public final class ExpiryLedgerBenchmark {
  private static final int SESSIONS = 1_000_000;
  private static final int LIFETIME_SECONDS = 600;
  private static final int CLIENT_ID_BYTES = "digilocker_LcVknlhLzfOmCelIVuzt".length();

  private final FakeClock clock = new FakeClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final long[] told = new long[SessionEvent.Kind.values().length];
  private final Vertx vertx = Vertx.vertx();
  private final WatchLimit limit = new WatchLimit(2 * SESSIONS);
  private ExpiryLedger ledger;
  private long ticksNanos;
  private long longestTickNanos;

  public static void main(String[] args) throws Exception {
    for (int round = 1; round <= 3; round++) {
      new ExpiryLedgerBenchmark().run(round);
    }
  }

  private void run(int round) throws Exception {
    ledger =
        new ExpiryLedger(
            vertx, clock, Duration.ofSeconds(60), limit, event -> told[event.kind().ordinal()]++);
    long before = heapAfterGc();
    long cpu = cpu();
    // Spread over the lifetime, as a steady stream of inits would be.
    onLoop(
        () -> {
          for (int i = 0; i < SESSIONS; i++) {
            Instant end = clock.instant().plusSeconds(61 + i % (LIFETIME_SECONDS - 61));
            ledger.initiated(session(i, end), String.format("%032x", i), "tenant-" + i % 50);
          }
        });
    long entered = cpu() - cpu;
    long heap = heapAfterGc() - before;
    cpu = cpu();
    for (int second = 0; second <= LIFETIME_SECONDS + 1; second++) {
      clock.advance(Duration.ofSeconds(1));
      tick();
    }
    long ticking = cpu() - cpu;
    System.out.printf(
        "round %s: %,d sessions; heap %.1f bytes each, %.1f beyond the client id; entering %.2f us"
            + " each (with making the test's own session); telling %.2f us per session in all;"
            + " longest tick %.2f ms; events %,d / %,d / %,d; left %s%n",
        round,
        SESSIONS,
        (double) heap / SESSIONS,
        (double) heap / SESSIONS - CLIENT_ID_BYTES,
        entered / 1e3 / SESSIONS,
        ticking / 1e3 / SESSIONS,
        longestTickNanos / 1e6,
        told[0],
        told[1],
        told[2],
        limit.watched());
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static InitSession session(int i, Instant end) {
    return new InitSession(
        String.format("digilocker_%020d", i),
        Payload.owning(new byte[] {'{', '}'}),
        1,
        new TokenExpiry(end.minusSeconds(LIFETIME_SECONDS), end),
        Duration.ZERO);
  }

  private void tick() throws Exception {
    Promise<Void> over = Promise.promise();
    vertx.runOnContext(
        v -> {
          long begun = System.nanoTime();
          ledger.tick();
          longestTickNanos = Math.max(longestTickNanos, System.nanoTime() - begun);
          settle(over);
        });
    over.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void settle(Promise<Void> over) {
    if (ledger.telling()) {
      vertx.runOnContext(v -> settle(over));
    } else {
      over.complete();
    }
  }

  private void onLoop(Runnable action) throws Exception {
    Promise<Void> over = Promise.promise();
    vertx.runOnContext(
        v -> {
          action.run();
          over.complete();
        });
    over.future().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** Processor time of all live threads. */
  private static long cpu() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long id : threads.getAllThreadIds()) {
      sum += Math.max(0, threads.getThreadCpuTime(id));
    }
    return sum;
  }

  private static long heapAfterGc() {
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
