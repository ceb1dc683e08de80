package infopass.gateway.resilience;

import infopass.gateway.resilience.QuotaBelief.State;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What a partner's quota is, known or learned from its refusals, and whether a call may be sent.
 *
 * <p>A refusal holds everything back for as long as the partner says. What it teaches depends on n,
 * the calls of the window that were not refused, and on w, the window: from the start of the busy
 * run to the end of the hold, or the default where that start is too long ago. See {@link State}
 * for what follows.
 *
 * <p>"Near" is within a quarter, or 2. A refusal with nothing granted since the last one, such as
 * that of its repetition, teaches nothing: it only holds, and FREE becomes SLOW_START. Refusals of
 * calls that were sent before the last event belong to that event: they prolong its hold and lower
 * its n. The partner counts a call when it arrives, so a call blocks its place for a little longer
 * than w.
 *
 * <p>Not thread-safe: its owner locks. All times are readings of a monotonic clock in nanoseconds.
 */
final class QuotaEstimate {
  static final long NEVER = Long.MAX_VALUE / 4;

  private static final int ENOUGH = 64;

  /** A call that takes longer is slow there rather than on its way. */
  private static final long LONGEST_WAY_NANOS = 2_000_000_000L;

  private final SlidingWindowLimit window;
  private final Hold hold;
  private final QuotaTrial trial;
  private final BusyRun run = new BusyRun();
  private final QuotaLessons lessons = new QuotaLessons();
  private int ceiling;
  private long defaultPer;
  private QuotaBelief belief;
  private BelievedLimit believed;
  private boolean refusedBefore;
  private long lastEventAt;

  QuotaEstimate(int knownRequests, Duration per, LongSupplier nanoTime) {
    if (knownRequests < 0) {
      throw new IllegalArgumentException("requests must be >= 0, was " + knownRequests);
    }
    this.defaultPer = per.toNanos();
    this.ceiling = knownRequests == 0 ? Integer.MAX_VALUE : knownRequests;
    this.hold = new Hold(defaultPer);
    this.trial = new QuotaTrial(hold);
    this.window = new SlidingWindowLimit(ceiling, per, nanoTime);
    believe(known(knownRequests), nanoTime.getAsLong());
  }

  /** Forgets what was learned, and goes on with what is known now; 0 requests for nothing. */
  void tell(int knownRequests, Duration knownPer, long now) {
    defaultPer = knownPer.toNanos();
    ceiling = knownRequests == 0 ? Integer.MAX_VALUE : knownRequests;
    refusedBefore = false;
    lessons.forget();
    believe(known(knownRequests), now);
  }

  private QuotaBelief known(int requests) {
    return requests > 0
        ? QuotaBelief.confirmed(requests, defaultPer)
        : QuotaBelief.free(defaultPer);
  }

  /** Takes over what others have learned; nothing changes where the quota is known. */
  void learned(int requests, Duration learnedPer, long now) {
    if (ceiling == Integer.MAX_VALUE) {
      believe(QuotaBelief.confirmed(requests, learnedPer.toNanos()), now);
    }
  }

  void hold(long nanos, long now) {
    hold.advised(now, nanos);
  }

  QuotaBelief belief() {
    return belief;
  }

  int used(long now) {
    return window.used(now);
  }

  long holdNanos(long now) {
    return hold.remaining(now);
  }

  /** Sends the call if that is allowed now. */
  boolean tryGrant(QuotaCall call, long now) {
    if (hold.remaining(now) > 0) {
      return false;
    }
    int used = window.used(now);
    if (!allows(call, used, now)) {
      return false;
    }
    call.sentAt = now;
    run.granted(now, used);
    window.acquire(now);
    return true;
  }

  /** Takes note that somebody has to wait, or was refused. */
  void contend(long now) {
    if (believed != null && believed.rising().contend(now)) {
      use(believed.rising().limit());
    }
  }

  /**
   * Nanoseconds until the k-th further call is sent, if none comes between. A suspected limit
   * counts as if it held for all but the calls that are sent to try it; where none is known, only
   * the hold counts.
   */
  long nanosUntilGrant(int k, long now) {
    long held = hold.remaining(now);
    return switch (belief.state()) {
      case FREE, SLOW_START -> held;
      case SUSPECTED -> {
        long free = window.nanosUntilFree(k, now, held, 0);
        yield k <= trial.left() ? Math.min(free, trial.remaining(now)) : free;
      }
      case CONFIRMED -> believed.nanosUntilGrant(k, window, held, spacing(), now);
    };
  }

  /**
   * Nanoseconds until there is sense in coming back for who would be the k-th further call. A limit
   * that is only suspected may turn out to be none as soon as it is tried.
   */
  long nanosUntilReturn(int k, long now) {
    long granted = nanosUntilGrant(k, now);
    return belief.state() == State.SUSPECTED ? Math.min(granted, trial.remaining(now)) : granted;
  }

  /** Nanoseconds from one call to the next that a believed limit allows; 0 if none is believed. */
  long spacingNanos() {
    return believed != null ? spacing() : 0;
  }

  /** Nanoseconds until it is worth asking again; an answer may come before that and change it. */
  long nanosUntilNext(long now) {
    long probe = trial.left() > 0 ? trial.remaining(now) : NEVER;
    return switch (belief.state()) {
      case SLOW_START -> probe;
      case SUSPECTED -> Math.min(probe, nanosUntilGrant(1, now));
      case FREE, CONFIRMED -> nanosUntilGrant(1, now);
    };
  }

  /** The call was never sent. */
  void unused(QuotaCall call) {
    window.refund(call.sentAt);
    run.takenBack(call.sentAt);
    if (call.probe != null) {
      call.probe.unused();
    }
  }

  /** The call was answered, and not with a refusal. */
  void answeredWell(QuotaCall call, long now) {
    long took = now - call.sentAt;
    if (took > CustomaryWindow.margin(belief.per())
        && took <= Math.min(belief.per() / 4, LONGEST_WAY_NANOS)) {
      // It may have had to connect first, and was counted when it arrived: by now at the latest.
      window.refund(call.sentAt);
      window.acquire(now);
    }
    boolean slowStart = belief.state() == State.SLOW_START;
    if (trial.passed(call, slowStart ? ENOUGH - 1 : Math.min(belief.limit(), ENOUGH))) {
      believe(QuotaBelief.free(defaultPer), now);
    }
  }

  /**
   * The call was refused for the quota's sake.
   *
   * @param retryAfter nanoseconds until the partner wants to be asked again; 0 if it did not say
   */
  void refused(QuotaCall call, long retryAfter, long now) {
    window.refund(call.sentAt);
    run.takenBack(call.sentAt);
    boolean late = refusedBefore && call.sentAt - lastEventAt <= 0;
    if (retryAfter > 0) {
      hold.advised(now, retryAfter);
    } else if (!late) {
      hold.guessed(now);
    }
    if (late) {
      countOneLess();
    } else {
      if (run.granted() > 0) {
        learn(retryAfter > 0, now);
      } else {
        holdOnly(now);
      }
      refusedBefore = true;
      lastEventAt = now;
      run.end();
    }
  }

  private boolean allows(QuotaCall call, int used, long now) {
    switch (belief.state()) {
      case FREE -> {
        return true;
      }
      case CONFIRMED -> {
        return believed.trySend(used, spacing(), now);
      }
      default -> {
        if (used < belief.limit()) {
          return true;
        }
        if (run.granted() >= belief.limit()) {
          trial.goBeyond();
        }
        return trial.tryTake(call, now);
      }
    }
  }

  private long spacing() {
    return (window.per().toNanos() + window.bucketNanos()) / belief.limit();
  }

  /** Nothing was granted since the last refusal, so there is no count to learn from. */
  private void holdOnly(long now) {
    lessons.nothing();
    if (belief.state() == State.FREE) {
      believe(QuotaBelief.slowStart(defaultPer), now);
    } else {
      trial.restart();
    }
  }

  private void learn(boolean advised, long now) {
    int used = Math.max(1, window.used(now));
    if (believed != null) {
      correct(used);
      return;
    }
    boolean whole = run.lastedAtMost(defaultPer, now);
    long seen = advised && whole ? CustomaryWindow.of(hold.until() - run.start()) : defaultPer;
    QuotaLessons.Seen before = new QuotaLessons.Seen(used, run.granted(), whole, seen);
    believe(lessons.learn(belief, before, trial.beyond(), defaultPer), now);
  }

  /** A refusal of what was thought to be allowed. */
  private void correct(int used) {
    boolean raised = believed.rising().takeBack();
    if (lessons.lowers(belief.limit(), used, raised)) {
      believed.rising().lower(used);
    }
    use(believed.rising().limit());
  }

  private void countOneLess() {
    int limit = belief.limit();
    if (lessons.oneLess() && limit > 1) {
      if (believed != null) {
        believed.rising().lower(limit - 1);
      }
      use(limit - 1);
    }
  }

  private void believe(QuotaBelief next, long now) {
    belief = next;
    use(next.limit());
    believed = null;
    switch (next.state()) {
      case FREE -> {}
      case SLOW_START -> trial.restart(0);
      // Places that the partner frees about now must not pass for places beyond the limit.
      case SUSPECTED ->
          trial.restart(CustomaryWindow.margin(next.per()) + 2 * window.bucketNanos());
      case CONFIRMED -> believed = new BelievedLimit(next.limit(), ceiling, next.per(), now);
    }
  }

  private void use(int limit) {
    belief = belief.withLimit(limit);
    long per = belief.per();
    long blocked = limit == 0 ? per : per + CustomaryWindow.margin(per);
    window.resize(limit == 0 ? Integer.MAX_VALUE : limit, Duration.ofNanos(blocked));
  }
}
