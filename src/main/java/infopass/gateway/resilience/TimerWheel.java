package infopass.gateway.resilience;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Time limits that almost never pass: setting and cancelling one is a matter of a few pointers. A
 * hashed timing wheel (Varghese and Lauck, 1987) with a step of {@value #STEP_MILLIS} ms: an action
 * runs within two steps after its time, never before it. While nothing is set nothing runs. Belongs
 * to one event loop, and so do its timeouts.
 */
public final class TimerWheel {
  /** Twice this is the most that an action is late by, beside what its event loop is. */
  public static final long STEP_MILLIS = 5;

  private static final long STEP_NANOS = STEP_MILLIS * 1_000_000;

  /** As good as never, and far from where the nano clock would overflow. */
  private static final long MAX_MILLIS = TimeUnit.DAYS.toMillis(365);

  /** Slots, a power of two; what is set for longer than a turn of all waits for its turn. */
  private static final int SLOTS = 512;

  /** Runs an action later, on the event loop of the wheel. */
  @FunctionalInterface
  public interface Scheduler {
    void after(long millis, Runnable action);
  }

  private final LongSupplier nanoTime;
  private final Scheduler scheduler;
  private final long beganNanos;
  private final Timeout[] slots = new Timeout[SLOTS];
  private final Timeout expired = ring();
  private long step;
  private int pending;
  private boolean awake;

  public TimerWheel(LongSupplier nanoTime, Scheduler scheduler) {
    this.nanoTime = nanoTime;
    this.scheduler = scheduler;
    this.beganNanos = nanoTime.getAsLong();
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = ring();
    }
  }

  /**
   * Runs an action once, unless it is cancelled before.
   *
   * @param millis from now; zero or less for the next step
   */
  public Timeout after(long millis, Runnable action) {
    long now = nanoTime.getAsLong();
    if (pending == 0) {
      // It stood still: what has passed since has nothing in it.
      step = stepAt(now);
    }
    long nanos = TimeUnit.MILLISECONDS.toNanos(Math.min(Math.max(0, millis), MAX_MILLIS));
    long due = stepAt(now + nanos) + 1;
    Timeout timeout = new Timeout(this, due, action);
    timeout.link(slots[(int) due & SLOTS - 1]);
    wake();
    return timeout;
  }

  /** The head of an empty ring, which a timeout can leave without knowing it. */
  private Timeout ring() {
    return new Timeout(this, 0, null);
  }

  /** How many are set. */
  int pending() {
    return pending;
  }

  private void wake() {
    if (!awake) {
      awake = true;
      scheduler.after(STEP_MILLIS, this::turn);
    }
  }

  private void turn() {
    awake = false;
    long now = stepAt(nanoTime.getAsLong());
    if (pending > 0) {
      // First, so that the next turn comes whatever an action throws.
      wake();
    }
    // After a long pause each slot is looked at once, not once for each round that was missed.
    step = Math.max(step, now - SLOTS);
    while (step < now) {
      step++;
      collect(slots[(int) step & SLOTS - 1], now);
    }
    // An action may set others, and cancel those that have come due with it.
    while (expired.next != expired) {
      Timeout timeout = expired.next;
      timeout.unlink();
      timeout.run();
    }
  }

  private void collect(Timeout slot, long now) {
    for (Timeout timeout = slot.next; timeout != slot; ) {
      Timeout next = timeout.next;
      if (timeout.due <= now) {
        timeout.unlink();
        timeout.link(expired);
      }
      timeout = next;
    }
  }

  private long stepAt(long nanos) {
    return (nanos - beganNanos) / STEP_NANOS;
  }

  /** One action that waits. */
  public static final class Timeout {
    private final TimerWheel wheel;
    private final long due;
    private Runnable action;
    private Timeout previous = this;
    private Timeout next = this;

    private Timeout(TimerWheel wheel, long due, Runnable action) {
      this.wheel = wheel;
      this.due = due;
      this.action = action;
    }

    /** The action will not run. Does nothing where it has, or was cancelled already. */
    public void cancel() {
      if (action != null) {
        action = null;
        unlink();
      }
    }

    private void run() {
      Runnable once = action;
      action = null;
      once.run();
    }

    /** Becomes the last of a ring. */
    private void link(Timeout head) {
      previous = head.previous;
      next = head;
      previous.next = this;
      head.previous = this;
      wheel.pending++;
    }

    private void unlink() {
      previous.next = next;
      next.previous = previous;
      // Garbage that has grown old must not hold on to those that came after it.
      previous = this;
      next = this;
      wheel.pending--;
    }
  }
}
