package infopass.gateway.resilience;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Lets a bounded number of callers work at once, and a bounded number wait for it in the order in
 * which they came.
 *
 * <p>Not thread-safe: an instance, with its tickets, belongs to one event loop. Nothing blocks;
 * waiting is a callback that has not run yet. All operations, {@link Ticket#cancel()} included,
 * take constant time.
 */
public final class Bulkhead {
  private final int permits;
  private final int maxWaiting;
  private final Ticket queue = new Ticket(null);
  private int inUse;
  private int waiting;
  private boolean draining;

  /**
   * @param permits how many may work at once, at least 1
   * @param maxWaiting how many may wait beyond those, at least 0
   * @throws IllegalArgumentException if a number is below its minimum
   */
  public Bulkhead(int permits, int maxWaiting) {
    if (permits < 1) {
      throw new IllegalArgumentException("permits must be >= 1, was " + permits);
    }
    if (maxWaiting < 0) {
      throw new IllegalArgumentException("maxWaiting must be >= 0, was " + maxWaiting);
    }
    this.permits = permits;
    this.maxWaiting = maxWaiting;
    queue.next = queue;
    queue.previous = queue;
  }

  /** As {@link #acquire(Consumer)}, for a callback that needs no ticket. */
  public Ticket acquire(Runnable granted) {
    Objects.requireNonNull(granted, "granted");
    return acquire(ticket -> granted.run());
  }

  /**
   * Takes a permit, or a place in the queue for one.
   *
   * <p>If a permit is free, {@code granted} runs before this method returns; otherwise it runs
   * later, inside the {@link Ticket#release()} that frees its permit. It is handed the ticket since
   * the returned one does not exist yet in the first case. If it throws, the permit is given back;
   * the exception reaches the caller of this method in the first case, and the thread's uncaught
   * exception handler in the second, since whoever released has no part in it.
   *
   * @return the ticket, or null when neither a permit nor a place is free
   */
  public Ticket acquire(Consumer<Ticket> granted) {
    Ticket ticket = new Ticket(Objects.requireNonNull(granted, "granted"));
    if ((long) inUse + waiting >= (long) permits + maxWaiting) {
      return null;
    }
    // While permits are being handed on, a free permit is already spoken for by the first in line.
    if (inUse < permits && waiting == 0) {
      ticket.grant();
    } else {
      ticket.enqueue();
    }
    return ticket;
  }

  /** Permits given out and not yet given back. */
  public int inUse() {
    return inUse;
  }

  /** Tickets in the queue. */
  public int waiting() {
    return waiting;
  }

  private void drain() {
    if (draining) {
      return; // The loop below us goes on; a call of our own would deepen the stack per ticket.
    }
    draining = true;
    try {
      while (inUse < permits && waiting > 0) {
        grantFirst();
      }
    } finally {
      draining = false;
    }
  }

  private void grantFirst() {
    Ticket first = queue.next;
    first.unlink();
    try {
      first.grant();
    } catch (Throwable thrown) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    }
  }

  private enum State {
    WAITING,
    GRANTED,
    DONE
  }

  /** One caller's claim to a permit; as little thread-safe as its bulkhead. */
  public final class Ticket {
    private Consumer<Ticket> granted;
    private State state = State.WAITING;
    private Ticket previous;
    private Ticket next;

    private Ticket(Consumer<Ticket> granted) {
      this.granted = granted;
    }

    /**
     * Gives the permit back and runs the callbacks of those who can have one now. A ticket that
     * still waits leaves the queue; one that is done with does nothing, so calling twice is safe.
     */
    public void release() {
      if (state == State.GRANTED) {
        state = State.DONE;
        inUse--;
        drain();
      } else {
        cancel();
      }
    }

    /** Leaves the queue without having been granted; false if there is nothing to leave. */
    public boolean cancel() {
      if (state != State.WAITING) {
        return false;
      }
      state = State.DONE;
      granted = null;
      unlink();
      return true;
    }

    private void grant() {
      Consumer<Ticket> callback = granted;
      granted = null;
      state = State.GRANTED;
      inUse++;
      try {
        callback.accept(this);
      } catch (Throwable thrown) {
        release();
        throw thrown;
      }
    }

    private void enqueue() {
      previous = queue.previous;
      next = queue;
      previous.next = this;
      queue.previous = this;
      waiting++;
    }

    private void unlink() {
      previous.next = next;
      next.previous = previous;
      previous = null;
      next = null;
      waiting--;
    }
  }
}
