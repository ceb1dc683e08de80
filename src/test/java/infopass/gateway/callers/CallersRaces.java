package infopass.gateway.callers;

import static infopass.gateway.Race.require;
import static infopass.gateway.Race.together;

import infopass.gateway.Race;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What may happen at once to one caller's quota. */
public final class CallersRaces {
  private static final CallerConfig.Quota TWO_A_MINUTE =
      new CallerConfig.Quota(2, Duration.ofMinutes(1));

  private CallersRaces() {}

  public static List<Race> all() {
    return List.of(
        new Race("exactly the quota is given in a window", CallersRaces::exactlyTheQuota),
        new Race("never more than the quota while time passes", CallersRaces::whileTimePasses));
  }

  private static void exactlyTheQuota() {
    CallerQuota quota = new CallerQuota(TWO_A_MINUTE, () -> 5);
    AtomicInteger taken = new AtomicInteger();
    Runnable caller =
        () -> {
          if (quota.tryTake()) {
            taken.incrementAndGet();
          }
          CallerQuota.Standing standing = quota.standing();
          require(standing.remaining() >= 0 && standing.remaining() < 2, standing.toString());
        };
    together(caller, caller, caller);
    require(taken.get() == 2, "given: " + taken);
  }

  /** The clock goes on by a whole window: two from before it and two from after, at the most. */
  private static void whileTimePasses() {
    AtomicLong nanos = new AtomicLong();
    CallerQuota quota = new CallerQuota(TWO_A_MINUTE, nanos::get);
    AtomicInteger taken = new AtomicInteger();
    Runnable caller =
        () -> {
          for (int i = 0; i < 2; i++) {
            if (quota.tryTake()) {
              taken.incrementAndGet();
            }
          }
        };
    together(caller, caller, () -> nanos.set(Duration.ofSeconds(61).toNanos()));
    require(taken.get() >= 2 && taken.get() <= 4, "given: " + taken);
    int left = quota.standing().remaining();
    require(left >= 0 && left <= 2, "left: " + left);
  }
}
