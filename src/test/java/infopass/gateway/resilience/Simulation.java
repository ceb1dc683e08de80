package infopass.gateway.resilience;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/** Time that passes from event to event; it begins just before the clock's reading wraps around. */
final class Simulation implements LongSupplier, Pacer.Alarm {
  private static final long BEGIN = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::sequence));
  private long elapsed;
  private long sequence;

  @Override
  public long getAsLong() {
    return BEGIN + elapsed;
  }

  @Override
  public void at(long delayNanos, Runnable action) {
    events.add(new Event(elapsed + Math.max(0, delayNanos), sequence++, action));
  }

  void after(Duration delay, Runnable action) {
    at(delay.toNanos(), action);
  }

  /** Runs an action at a fixed rate for a time. */
  void every(Duration interval, Duration during, Runnable action) {
    for (long at = 0; at < during.toNanos(); at += interval.toNanos()) {
      at(at, action);
    }
  }

  long elapsedNanos() {
    return elapsed;
  }

  double seconds() {
    return elapsed / 1e9;
  }

  void run(Duration by) {
    long end = elapsed + by.toNanos();
    while (!events.isEmpty() && events.peek().at <= end) {
      Event event = events.poll();
      elapsed = event.at;
      event.action.run();
    }
    elapsed = end;
  }

  private record Event(long at, long sequence, Runnable action) {}
}
