package infopass.gateway.resilience;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Tells whether too many of the recent calls failed or were slow, once there are enough of them to
 * judge by.
 *
 * <p>Rates, unlike counts of consecutive failures, also see a partner that fails every second call.
 * The window is a ring of ten slots: the running one and the nine before it, so a call is
 * remembered for nine to ten tenths of the window and forgotten together with its slot.
 *
 * <p>Thread-safe. Every call takes one short lock; its cost does not depend on the number of calls.
 */
public final class FailureRateWindow {
  private static final int SLOTS = 10;

  private final long slotNanos;
  private final int minimumCalls;
  private final double failureRate;
  private final double slowCallRate;
  private final LongSupplier nanoTime;
  private final Counts[] ring = Stream.generate(Counts::new).limit(SLOTS).toArray(Counts[]::new);
  private final Counts total = new Counts();
  private int current;
  private long currentSince;

  /**
   * @param window how far back calls count, at least 10 ns and at most 292 years
   * @param minimumCalls fewer calls than this in the window breach nothing, at least 1
   * @param failureRate share of failed calls that is a breach, above 0 and at most 1
   * @param slowCallRate share of slow calls that is a breach, above 0 and at most 1
   * @param nanoTime a monotonic clock like {@link System#nanoTime()}, in nanoseconds
   * @throws IllegalArgumentException if a value is out of its range
   */
  public FailureRateWindow(
      Duration window,
      int minimumCalls,
      double failureRate,
      double slowCallRate,
      LongSupplier nanoTime) {
    require(
        window.compareTo(Duration.ofNanos(SLOTS)) >= 0
            && window.compareTo(Duration.ofNanos(Long.MAX_VALUE)) <= 0,
        "window must be 10 ns to 292 years, was " + window);
    require(minimumCalls >= 1, "minimumCalls must be >= 1, was " + minimumCalls);
    require(isShare(failureRate), "failureRate must be above 0, at most 1, was " + failureRate);
    require(isShare(slowCallRate), "slowCallRate must be above 0, at most 1, was " + slowCallRate);
    this.slotNanos = window.toNanos() / SLOTS;
    this.minimumCalls = minimumCalls;
    this.failureRate = failureRate;
    this.slowCallRate = slowCallRate;
    this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
    this.currentSince = nanoTime.getAsLong();
  }

  /**
   * Counts one finished call, and tells whether the window breaches a rate with it.
   *
   * @param failed whether the call counts as a failure
   * @param slow whether it took too long; a call may be both, or neither
   */
  public synchronized boolean record(boolean failed, boolean slow) {
    advance();
    ring[current].add(failed, slow);
    total.add(failed, slow);
    return total.calls >= minimumCalls
        && (share(total.failures, total.calls) >= failureRate
            || share(total.slow, total.calls) >= slowCallRate);
  }

  /** Forgets all calls, for instance because a breaker has closed and judges anew. */
  public synchronized void clear() {
    for (Counts slot : ring) {
      slot.clear();
    }
    total.clear();
  }

  /** What the window holds at this moment. */
  public synchronized Snapshot snapshot() {
    advance();
    return new Snapshot(total.calls, total.failures, total.slow);
  }

  private void advance() {
    // Only differences of clock readings mean anything: the readings may wrap around.
    long steps = (nanoTime.getAsLong() - currentSince) / slotNanos;
    if (steps <= 0) {
      return;
    }
    currentSince += steps * slotNanos;
    for (long expiring = Math.min(steps, SLOTS); expiring > 0; expiring--) {
      current = (current + 1) % SLOTS;
      total.subtract(ring[current]);
      ring[current].clear();
    }
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static boolean isShare(double rate) {
    return rate > 0 && rate <= 1;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** The calls of one window; immutable. */
  public record Snapshot(long calls, long failures, long slow) {
    /** Share of the calls that failed, 0 to 1; 0 when there were none. */
    public double failureRate() {
      return share(failures, calls);
    }

    /** Share of the calls that were slow, 0 to 1; 0 when there were none. */
    public double slowRate() {
      return share(slow, calls);
    }
  }

  private static final class Counts {
    private long calls;
    private long failures;
    private long slow;

    void add(boolean failed, boolean late) {
      calls++;
      failures += failed ? 1 : 0;
      slow += late ? 1 : 0;
    }

    void subtract(Counts other) {
      calls -= other.calls;
      failures -= other.failures;
      slow -= other.slow;
    }

    void clear() {
      calls = 0;
      failures = 0;
      slow = 0;
    }
  }
}
