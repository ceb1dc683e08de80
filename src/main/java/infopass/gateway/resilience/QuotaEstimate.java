package infopass.gateway.resilience;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What a partner's quota is, known or learned from its refusals, and whether a call may be sent.
 *
 * <p>A refusal holds everything back for as long as the partner says. What it teaches depends on n,
 * the calls of the window that were not refused, and on w, the window: from the start of the busy
 * run to the end of the hold, or the default where that start is too long ago.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>state</th><th>may be sent</th><th>a refusal</th><th>leaves for</th></tr>
 * <tr><td>FREE</td><td>everything</td><td>n below 10 and not seen before: SLOW_START; else
 * SUSPECTED(n, w)</td><td></td></tr>
 * <tr><td>SLOW_START</td><td>batches of 1, 2, 4 ... as they are answered</td><td>as FREE</td>
 * <td>FREE after 63 good answers</td></tr>
 * <tr><td>SUSPECTED(c, w)</td><td>c in w, and beyond it batches of 1, 2, 4 ...</td><td>n near c:
 * CONFIRMED; else as FREE</td><td>FREE after min(c, 64) good answers beyond c</td></tr>
 * <tr><td>CONFIRMED(c, w)</td><td>c in w, evenly while there is contention; c is tried to be raised
 * now and then, see {@link RisingLimit}</td><td>takes back the last raise; else c = n if n is near c,
 * or was so the last time</td><td></td></tr>
 * </table>
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

  enum State {
    FREE,
    SLOW_START,
    SUSPECTED,
    CONFIRMED
  }

  private static final int FEW = 10;
  private static final int ENOUGH = 64;

  /** A call that takes longer is slow there rather than on its way. */
  private static final long LONGEST_WAY_NANOS = 2_000_000_000L;

  private int ceiling;
  private long defaultPer;
  private final SlidingWindowLimit window;
  private final Hold hold;
  private final BusyRun run = new BusyRun();
  private State state = State.FREE;
  private long per;
  private int limit;
  private ProbeSeries probes = new ProbeSeries();
  private long probeDelay;
  private boolean beyond;
  private RisingLimit rising;
  private EvenPace pace;
  private boolean refusedBefore;
  private long lastEventAt;
  private int lastGranted;
  private boolean limitIsCount;

  QuotaEstimate(int knownRequests, Duration per, LongSupplier nanoTime) {
    if (knownRequests < 0) {
      throw new IllegalArgumentException("requests must be >= 0, was " + knownRequests);
    }
    this.defaultPer = per.toNanos();
    this.per = defaultPer;
    this.ceiling = knownRequests == 0 ? Integer.MAX_VALUE : knownRequests;
    this.hold = new Hold(defaultPer);
    this.window = new SlidingWindowLimit(ceiling, per, nanoTime);
    if (knownRequests > 0) {
      confirm(knownRequests, defaultPer, nanoTime.getAsLong());
    }
  }

  /** Forgets what was learned, and goes on with what is known now; 0 requests for nothing. */
  void tell(int knownRequests, Duration knownPer, long now) {
    defaultPer = knownPer.toNanos();
    ceiling = knownRequests == 0 ? Integer.MAX_VALUE : knownRequests;
    refusedBefore = false;
    lastGranted = 0;
    if (knownRequests > 0) {
      confirm(knownRequests, defaultPer, now);
    } else {
      become(State.FREE, 0, defaultPer);
    }
  }

  /** Takes over what others have learned; nothing changes where the quota is known. */
  void learned(int requests, Duration learnedPer, long now) {
    if (ceiling == Integer.MAX_VALUE) {
      confirm(requests, learnedPer.toNanos(), now);
    }
  }

  void hold(long nanos, long now) {
    hold.advised(now, nanos);
  }

  State state() {
    return state;
  }

  /** 0 if there is none. */
  int limit() {
    return limit;
  }

  long perNanos() {
    return per;
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
    if (state != State.FREE && !allows(call, used, now)) {
      return false;
    }
    call.sentAt = now;
    run.granted(now, used);
    window.acquire(now);
    return true;
  }

  /** Takes note that somebody has to wait, or was refused. */
  void contend(long now) {
    if (state == State.CONFIRMED && rising.contend(now)) {
      use(rising.limit());
    }
  }

  /**
   * Nanoseconds until the k-th further call is sent, if none comes between. A suspected limit
   * counts as if it held for all but the calls that are sent to try it; where none is known, only
   * the hold counts.
   */
  long nanosUntilGrant(int k, long now) {
    long held = hold.remaining(now);
    if (state == State.SUSPECTED) {
      long free = window.nanosUntilFree(k, now, held, 0);
      return k <= probes.left() ? Math.min(free, nanosUntilTrial(now)) : free;
    }
    if (state != State.CONFIRMED) {
      return held;
    }
    boolean even = rising.contended(now);
    long notBefore = even ? Math.max(held, pace.remaining(now)) : held;
    return window.nanosUntilFree(k, now, notBefore, even ? spacing() : 0);
  }

  /**
   * Nanoseconds until there is sense in coming back for who would be the k-th further call. A limit
   * that is only suspected may turn out to be none as soon as it is tried.
   */
  long nanosUntilReturn(int k, long now) {
    long granted = nanosUntilGrant(k, now);
    return state == State.SUSPECTED ? Math.min(granted, nanosUntilTrial(now)) : granted;
  }

  /** Nanoseconds from one call to the next that a believed limit allows; 0 if none is believed. */
  long spacingNanos() {
    return state == State.CONFIRMED ? spacing() : 0;
  }

  /** Nanoseconds until it is worth asking again; an answer may come before that and change it. */
  long nanosUntilNext(long now) {
    boolean probing = state == State.SLOW_START || state == State.SUSPECTED;
    long probe = probing && probes.left() > 0 ? nanosUntilTrial(now) : NEVER;
    return state == State.SLOW_START ? probe : Math.min(probe, nanosUntilGrant(1, now));
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
    if (took > CustomaryWindow.margin(per) && took <= Math.min(per / 4, LONGEST_WAY_NANOS)) {
      // It may have had to connect first, and was counted when it arrived: by now at the latest.
      window.refund(call.sentAt);
      window.acquire(now);
    }
    if (call.probe == null || call.probe != probes) {
      return;
    }
    probes.answeredWell();
    int enough = state == State.SLOW_START ? ENOUGH - 1 : Math.min(limit, ENOUGH);
    if (beyond && probes.passed() >= enough) {
      become(State.FREE, 0, defaultPer);
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
        holdOnly();
      }
      refusedBefore = true;
      lastEventAt = now;
      run.end();
    }
  }

  private boolean allows(QuotaCall call, int used, long now) {
    if (state == State.CONFIRMED) {
      boolean due = pace.remaining(now) == 0 || !rising.contended(now);
      if (used < limit && due) {
        pace.sent(now, spacing());
        return true;
      }
      return false;
    }
    if (used < limit) {
      return true;
    }
    if (!beyond && run.granted() >= limit) {
      beyond = true;
      probes = new ProbeSeries();
    }
    if (now - hold.until() < probeDelay || probes.left() == 0) {
      return false;
    }
    probes.take();
    call.probe = probes;
    return true;
  }

  private long nanosUntilTrial(long now) {
    return Math.max(hold.remaining(now), hold.until() + probeDelay - now);
  }

  private long spacing() {
    return (window.per().toNanos() + window.bucketNanos()) / limit;
  }

  /** Nothing was granted since the last refusal, so there is no count to learn from. */
  private void holdOnly() {
    limitIsCount = false;
    probes = new ProbeSeries();
    beyond = false;
    if (state == State.FREE) {
      probeDelay = 0;
      become(State.SLOW_START, 0, defaultPer);
    }
  }

  private void learn(boolean advised, long now) {
    int used = Math.max(1, window.used(now));
    boolean whole = run.lastedAtMost(defaultPer, now);
    int inRun = run.granted();
    long seen = advised && whole ? CustomaryWindow.of(hold.until() - run.start()) : defaultPer;
    limitIsCount = true;
    if (state == State.CONFIRMED) {
      correct(used);
    } else if (state == State.SUSPECTED && beyond && whole && similar(inRun, limit)) {
      // A window that is much longer than it seemed: the first run began in the midst of it.
      confirm(inRun, seen > per * 1.1 ? seen : per, now);
    } else if (state == State.SUSPECTED && similar(used, limit)) {
      confirm(used, per, now);
    } else if (whole) {
      suspect(inRun, seen);
    } else {
      suspect(used, per);
    }
    lastGranted = whole && state != State.CONFIRMED ? inRun : used;
  }

  /** A refusal of what was thought to be allowed. */
  private void correct(int used) {
    boolean raised = rising.takeBack();
    boolean again = lastGranted > 0 && similar(used, lastGranted);
    limitIsCount = !raised && (similar(used, limit) || again);
    if (limitIsCount) {
      rising.lower(used);
    }
    use(rising.limit());
  }

  private void suspect(int granted, long seen) {
    boolean seenBefore = lastGranted > 0 && similar(granted, lastGranted);
    probes = new ProbeSeries();
    beyond = false;
    if (granted < FEW && !seenBefore) {
      probeDelay = 0;
      become(State.SLOW_START, 0, defaultPer);
    } else {
      become(State.SUSPECTED, granted, seen);
      // Places that the partner frees about now must not pass for places beyond the limit.
      probeDelay = CustomaryWindow.margin(seen) + 2 * window.bucketNanos();
    }
  }

  private void confirm(int granted, long seen, long now) {
    rising = new RisingLimit(granted, ceiling, seen);
    pace = new EvenPace(now);
    become(State.CONFIRMED, granted, seen);
  }

  private void countOneLess() {
    lastGranted = Math.max(0, lastGranted - 1);
    if (limitIsCount && limit > 1) {
      if (state == State.CONFIRMED) {
        rising.lower(limit - 1);
      }
      use(limit - 1);
    }
  }

  private void become(State next, int nextLimit, long nextPer) {
    state = next;
    per = nextPer;
    use(nextLimit);
  }

  private void use(int nextLimit) {
    limit = nextLimit;
    long blocked = limit == 0 ? per : per + CustomaryWindow.margin(per);
    window.resize(limit == 0 ? Integer.MAX_VALUE : limit, Duration.ofNanos(blocked));
  }

  private static boolean similar(int a, int b) {
    return Math.abs(a - b) <= Math.max(2, b / 4);
  }
}
