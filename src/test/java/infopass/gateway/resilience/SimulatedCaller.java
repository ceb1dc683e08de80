package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A caller that sends through a pacer to a partner, and counts what becomes of it. */
final class SimulatedCaller {
  private final Simulation simulation;
  private final Pacer pacer;
  private final SimulatedPartner partner;
  private final String name;
  private final Duration patience;

  /**
   * Seconds at which calls were sent, answered well, refused by the partner, and refused by us
   * after waiting.
   */
  final List<Double> sent = new ArrayList<>();

  final List<Double> succeeded = new ArrayList<>();
  final List<Double> tooMany = new ArrayList<>();
  final List<Double> refusedLate = new ArrayList<>();
  int offered;
  int granted;
  int refusedAtOnce;

  SimulatedCaller(
      Simulation simulation,
      Pacer pacer,
      SimulatedPartner partner,
      String name,
      Duration patience) {
    this.simulation = simulation;
    this.pacer = pacer;
    this.partner = partner;
    this.name = name;
    this.patience = patience;
  }

  void offer() {
    offered++;
    long latest = simulation.getAsLong() + patience.toNanos();
    boolean[] returned = new boolean[1];
    pacer.acquire(
        name,
        latest,
        new Pacer.Waiter() {
          @Override
          public void granted(Pacer.Ticket ticket) {
            assertTrue(simulation.getAsLong() - latest <= 0, "granted after the latest start");
            send(ticket);
          }

          @Override
          public void refused(Duration retryAfter) {
            assertTrue(retryAfter.toNanos() >= Duration.ofSeconds(1).toNanos());
            assertTrue(retryAfter.toNanos() >= pacer.snapshot().holdNanos());
            if (returned[0]) {
              refusedLate.add(simulation.seconds());
            } else {
              refusedAtOnce++;
            }
          }
        });
    returned[0] = true;
  }

  void assertNobodyLost() {
    assertEquals(0, pacer.snapshot().waiting());
    assertEquals(offered, granted + refusedAtOnce + refusedLate.size());
    assertEquals(granted, succeeded.size() + tooMany.size());
  }

  static long between(List<Double> times, double from, double to) {
    return times.stream().filter(time -> time >= from && time < to).count();
  }

  private void send(Pacer.Ticket ticket) {
    granted++;
    sent.add(simulation.seconds());
    partner.call(
        (refused, retryAfter) -> {
          (refused ? tooMany : succeeded).add(simulation.seconds());
          ticket.answered(refused, retryAfter);
        });
  }
}
