package infopass.gateway.infopass;

import static infopass.gateway.Race.require;
import static infopass.gateway.Race.together;

import infopass.gateway.Race;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What may happen at once to the hold on the gateway's own account. */
public final class InfopassRaces {
  private InfopassRaces() {}

  public static List<Race> all() {
    return List.of(
        new Race("one call probes a held account", InfopassRaces::oneProbe),
        new Race("an accepted probe ends the hold", InfopassRaces::acceptedEndsTheHold),
        new Race("refusals of before do not lengthen the hold", InfopassRaces::refusedOnce));
  }

  /** As often in a row as it takes. */
  private static void refuse(AccountHold hold) {
    for (int i = 0; i < 3; i++) {
      hold.enter().orElseThrow().refused(401);
    }
  }

  private static void oneProbe() {
    AtomicLong nanos = new AtomicLong();
    AccountHold hold = new AccountHold(nanos::get);
    refuse(hold);
    nanos.set(Duration.ofSeconds(6).toNanos());
    AtomicInteger probing = new AtomicInteger();
    AtomicInteger passes = new AtomicInteger();
    Runnable call =
        () -> {
          Optional<AccountHold.Pass> pass = hold.enter();
          if (pass.isPresent()) {
            passes.incrementAndGet();
            require(probing.incrementAndGet() == 1, "two calls probe");
            probing.decrementAndGet();
            pass.get().refused(401);
          }
        };
    together(call, call, call);
    require(passes.get() == 1, "probed " + passes + " times");
    require(hold.held() && hold.retryAfter().equals(Duration.ofSeconds(10)), "not held for 10 s");
  }

  private static void acceptedEndsTheHold() {
    AtomicLong nanos = new AtomicLong();
    AccountHold hold = new AccountHold(nanos::get);
    AccountHold.Pass before = hold.enter().orElseThrow();
    nanos.set(1);
    refuse(hold);
    nanos.set(Duration.ofSeconds(6).toNanos());
    AtomicInteger passes = new AtomicInteger();
    together(
        () ->
            hold.enter()
                .ifPresent(
                    pass -> {
                      passes.incrementAndGet();
                      pass.accepted();
                    }),
        before::accepted,
        hold::retryAfter);
    require(passes.get() == 1, "nothing was let through");
    require(!hold.held(), "held after a call was accepted");
    require(hold.enter().isPresent() && hold.enter().isPresent(), "held back without a hold");
  }

  private static void refusedOnce() {
    AccountHold hold = new AccountHold(() -> 0);
    AccountHold.Pass a = hold.enter().orElseThrow();
    AccountHold.Pass b = hold.enter().orElseThrow();
    AccountHold.Pass c = hold.enter().orElseThrow();
    AccountHold.Pass d = hold.enter().orElseThrow();
    AccountHold.Pass e = hold.enter().orElseThrow();
    e.refused(402);
    together(() -> a.refused(401), () -> b.refused(403), () -> d.refused(402), c::untold);
    require(hold.held(), "not held");
    require(hold.retryAfter().equals(Duration.ofSeconds(5)), "held for " + hold.retryAfter());
  }
}
