package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

/** One call through a pacer, whose test decides how the partner answers it. */
final class SingleCall implements Pacer.Waiter {
  private final Simulation simulation;
  private final long askedAt;
  private Pacer.Ticket ticket;

  /** How long it waited, or null while it was not granted. */
  Duration waited;

  /** When to come back, or null if it was not refused. */
  Duration retryAfter;

  private SingleCall(Simulation simulation) {
    this.simulation = simulation;
    this.askedAt = simulation.getAsLong();
  }

  /** Asks; what becomes of it shows in the fields, at once or as time passes. */
  static SingleCall ask(Simulation simulation, Pacer pacer, Duration patience) {
    SingleCall call = new SingleCall(simulation);
    pacer.acquire("app", simulation.getAsLong() + patience.toNanos(), call);
    return call;
  }

  @Override
  public void granted(Pacer.Ticket granted) {
    ticket = granted;
    waited = Duration.ofNanos(simulation.getAsLong() - askedAt);
  }

  @Override
  public void refused(Duration told) {
    retryAfter = told;
  }

  /** Waits for its turn, which must come within this time. */
  SingleCall sentWithin(Duration longest) {
    long end = simulation.elapsedNanos() + longest.toNanos();
    while (waited == null && retryAfter == null && simulation.elapsedNanos() < end) {
      simulation.run(Duration.ofMillis(1));
    }
    assertNotNull(waited, () -> "not sent within " + longest + ", told " + retryAfter);
    return this;
  }

  /** The partner answers after a journey of 50 ms. */
  void answeredWell() {
    answered(false, null);
  }

  /** The partner says 429, and when to come back where it does. */
  void refusedByPartner(Duration adviceOrNull) {
    answered(true, adviceOrNull);
  }

  private void answered(boolean refused, Duration adviceOrNull) {
    assertTrue(ticket != null, "never sent");
    simulation.run(Duration.ofMillis(50));
    ticket.answered(refused, adviceOrNull);
  }
}
