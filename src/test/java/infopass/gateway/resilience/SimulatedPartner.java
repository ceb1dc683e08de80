package infopass.gateway.resilience;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/** A partner some way off, with a quota; it decides when a call arrives. */
final class SimulatedPartner {
  private static final long SECOND = 1_000_000_000L;

  private final Simulation simulation;
  private final RandomGenerator random;
  private final int limit;
  private final long per;
  private final boolean fixed;
  private final boolean advises;
  private final Deque<Long> taken = new ArrayDeque<>();
  private long window = -1;
  private int stray = -1;
  private int arrived;

  private SimulatedPartner(
      Simulation simulation, long seed, int limit, Duration per, boolean fixed, boolean advises) {
    this.simulation = simulation;
    this.random = new java.util.Random(seed);
    this.limit = limit;
    this.per = per.toNanos();
    this.fixed = fixed;
    this.advises = advises;
  }

  static SimulatedPartner sliding(Simulation simulation, long seed, int limit, Duration per) {
    return new SimulatedPartner(simulation, seed, limit, per, false, true);
  }

  static SimulatedPartner fixed(Simulation simulation, long seed, int limit, Duration per) {
    return new SimulatedPartner(simulation, seed, limit, per, true, true);
  }

  static SimulatedPartner silent(Simulation simulation, long seed, int limit, Duration per) {
    return new SimulatedPartner(simulation, seed, limit, per, false, false);
  }

  static SimulatedPartner unlimited(Simulation simulation, long seed) {
    return sliding(simulation, seed, Integer.MAX_VALUE, Duration.ofSeconds(1));
  }

  /** Refuses the n-th call from now with Retry-After 7, whatever the quota. */
  void refuseOnce(int n) {
    stray = arrived + n;
  }

  /** Sends a call there; the answer is handed over when it is back. */
  void call(Answer answer) {
    simulation.at(
        journey(),
        () -> {
          Duration retryAfter = decide();
          simulation.at(
              journey(), () -> answer.is(retryAfter != null, advises ? retryAfter : null));
        });
  }

  private Duration decide() {
    long now = simulation.elapsedNanos();
    if (++arrived == stray) {
      return Duration.ofSeconds(7);
    }
    if (fixed && now / per != window) {
      window = now / per;
      taken.clear();
    }
    while (!fixed && !taken.isEmpty() && now - taken.peek() >= per) {
      taken.poll();
    }
    if (taken.size() < limit) {
      taken.add(now);
      return null;
    }
    long reset = fixed ? (window + 1) * per : taken.peek() + per;
    return Duration.ofSeconds((reset - now + SECOND - 1) / SECOND);
  }

  private long journey() {
    return random.nextLong(1_000_000, 80_000_000);
  }

  /** What came back; no Retry-After if there was none. */
  interface Answer {
    void is(boolean refused, Duration retryAfter);
  }
}
