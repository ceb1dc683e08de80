package infopass.gateway.resilience;

import static infopass.gateway.Race.require;
import static infopass.gateway.Race.together;

import infopass.gateway.Race;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What may happen at once to the budget, the breaker's window and the pacer. */
public final class ResilienceRaces {
  private static final long LATEST = Duration.ofMinutes(2).toNanos();

  private ResilienceRaces() {}

  public static List<Race> all() {
    return List.of(
        new Race("a retry is paid for once", ResilienceRaces::paidOnce),
        new Race("no finished call is missing in the window", ResilienceRaces::allCounted),
        new Race("a cleared window holds no part of a call", ResilienceRaces::clearedWhole),
        new Race("the pacer grants the quota and no more", ResilienceRaces::grantsTheQuota),
        new Race("a call that waits is told once, or cancelled", ResilienceRaces::toldOnce),
        new Race("an unused grant goes to one who waits", ResilienceRaces::unusedIsGivenOn),
        new Race("a quota told while calls come", ResilienceRaces::quotaTold));
  }

  private static void paidOnce() {
    RetryBudget budget = new RetryBudget(0.5, 0, () -> 1);
    AtomicInteger paid = new AtomicInteger();
    Runnable caller =
        () -> {
          budget.deposit();
          if (budget.tryWithdraw()) {
            paid.incrementAndGet();
          }
        };
    together(caller, caller, caller);
    require(paid.get() == 1, "three halves paid for " + paid);
    require(budget.balance() == 0.5, "left: " + budget.balance());
  }

  private static void allCounted() {
    FailureRateWindow window = new FailureRateWindow(Duration.ofSeconds(10), 3, 1, 1, () -> 1);
    AtomicInteger breaches = new AtomicInteger();
    Runnable call =
        () -> {
          if (window.record(true, false)) {
            breaches.incrementAndGet();
          }
        };
    together(call, call, call);
    require(breaches.get() == 1, "breaches: " + breaches);
    require(window.snapshot().failures() == 3, window.snapshot().toString());
  }

  private static void clearedWhole() {
    AtomicLong nanos = new AtomicLong();
    FailureRateWindow window = new FailureRateWindow(Duration.ofSeconds(10), 3, 1, 1, nanos::get);
    together(
        () -> window.record(true, true),
        () -> {
          nanos.set(Duration.ofSeconds(3).toNanos());
          window.record(true, true);
        },
        window::clear);
    FailureRateWindow.Snapshot seen = window.snapshot();
    require(
        seen.calls() <= 2 && seen.calls() == seen.failures() && seen.calls() == seen.slow(),
        seen.toString());
    nanos.set(Duration.ofSeconds(30).toNanos());
    require(window.snapshot().calls() == 0, "not forgotten: " + window.snapshot());
  }

  /** A pacer of two calls a minute, its clock and alarm, and what its callers were told. */
  private static final class Paced {
    private final AtomicLong nanos = new AtomicLong();
    private final Queue<Runnable> alarms = new ConcurrentLinkedQueue<>();
    private final AtomicInteger granted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Pacer pacer =
        new Pacer(
            2,
            Duration.ofMinutes(1),
            2,
            nanos::get,
            new SplittableRandom(1),
            (delay, action) -> alarms.add(action));

    Pacer.Ticket ask(String caller) {
      return pacer.acquire(
          caller,
          LATEST,
          new Pacer.Waiter() {
            @Override
            public void granted(Pacer.Ticket ticket) {
              granted.incrementAndGet();
            }

            @Override
            public void refused(Duration retryAfter) {
              refused.incrementAndGet();
            }
          });
    }

    int told() {
      return granted.get() + refused.get();
    }

    void passWindow() {
      nanos.addAndGet(Duration.ofSeconds(61).toNanos());
      for (Runnable alarm = alarms.poll(); alarm != null; alarm = alarms.poll()) {
        alarm.run();
      }
    }
  }

  private static void grantsTheQuota() {
    Paced paced = new Paced();
    together(() -> paced.ask("a"), () -> paced.ask("a"), () -> paced.ask("b"));
    require(paced.granted.get() == 2, "granted: " + paced.granted);
    require(paced.pacer.snapshot().waiting() + paced.refused.get() == 1, "one is lost");
    paced.passWindow();
    require(paced.told() == 3, "told: " + paced.told());
    require(paced.pacer.snapshot().waiting() == 0, "one waits for ever");
  }

  private static void toldOnce() {
    Paced paced = new Paced();
    paced.ask("a");
    paced.ask("a");
    Pacer.Ticket waiting = paced.ask("b");
    require(paced.told() == 2, "it did not wait");
    AtomicInteger cancelled = new AtomicInteger();
    together(
        () -> {
          if (waiting.cancel()) {
            cancelled.incrementAndGet();
          }
        },
        paced::passWindow,
        paced.pacer::refuseAllWaiting);
    require(paced.told() - 2 + cancelled.get() == 1, "told or cancelled: " + paced.told());
    require(paced.pacer.snapshot().waiting() == 0, "it still waits");
  }

  private static void unusedIsGivenOn() {
    Paced paced = new Paced();
    Pacer.Ticket first = paced.ask("a");
    Pacer.Ticket second = paced.ask("a");
    paced.ask("b");
    together(first::unused, first::unused, () -> second.answered(false, null));
    // What is given back goes to the next at the even pace of a quota that is contended.
    int used = paced.pacer.snapshot().used();
    require(used == paced.granted.get() - 1, "given back twice, or not at all: " + used);
    paced.passWindow();
    require(paced.granted.get() == 3, "granted: " + paced.granted);
  }

  private static void quotaTold() {
    Paced paced = new Paced();
    together(
        () -> paced.ask("a"),
        () -> paced.pacer.quota(1, Duration.ofMinutes(1)),
        () -> paced.ask("b"));
    require(paced.granted.get() >= 1 && paced.granted.get() <= 2, "granted: " + paced.granted);
    paced.passWindow();
    require(paced.told() == 2, "told: " + paced.told());
  }
}
