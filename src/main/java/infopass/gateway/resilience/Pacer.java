package infopass.gateway.resilience;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Paces outgoing calls to a partner's quota, known or learned from its refusals. Calls that cannot
 * be sent yet wait, callers taking turns; those that would wait beyond their patience are refused
 * at once, and told when to come back.
 *
 * <p>Thread-safe: share one instance between all threads that call the partner. Each method takes
 * one short lock. Callbacks run outside of it, on the thread that makes the turn: one that asks,
 * one that reports an answer, or the alarm's; never two at a time for those who waited. If {@code
 * granted} throws, the grant is given back. What a callback throws reaches the caller of {@link
 * #acquire} if it runs before that returns because nobody waited, and else its thread's uncaught
 * exception handler.
 */
public final class Pacer {
  private final Object lock = new Object();
  private final LongSupplier nanoTime;
  private final QuotaEstimate quota;
  private final PacingQueue queue;
  private final PacingTurns turns;

  /**
   * @param knownRequests the quota, 0 if it is unknown and has to be learned
   * @param per the quota's window; of an unknown one, what to assume where nothing tells better
   * @param maxWaiting most calls that wait, at least 0
   * @param nanoTime a monotonic clock like {@link System#nanoTime()}, in nanoseconds
   * @param random spreads the Retry-After of the refused; used under the lock only
   * @param alarm wakes this pacer
   * @throws IllegalArgumentException if a number is negative, or {@code per} is not above zero or
   *     longer than a hundred years
   */
  public Pacer(
      int knownRequests,
      Duration per,
      int maxWaiting,
      LongSupplier nanoTime,
      RandomGenerator random,
      Alarm alarm) {
    this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
    this.quota = new QuotaEstimate(knownRequests, per, nanoTime);
    this.queue = new PacingQueue(quota, maxWaiting, Objects.requireNonNull(random, "random"));
    this.turns = new PacingTurns(lock, queue, nanoTime, Objects.requireNonNull(alarm, "alarm"));
  }

  /**
   * Asks to send a call. If that is possible now and nobody waits, {@code waiter} is granted before
   * this method returns; if it is not to be expected by the latest start, or there is no room to
   * wait, it is refused before this method returns. Otherwise it is told once, later.
   *
   * @param caller whose call it is; callers take turns
   * @param latestStartNanos reading of the clock after which there is no use in sending it
   * @return the call's ticket, never null
   */
  public Ticket acquire(String caller, long latestStartNanos, Waiter waiter) {
    Ticket ticket = new Ticket(caller, latestStartNanos, waiter);
    boolean waits;
    synchronized (lock) {
      queue.offer(ticket, nanoTime.getAsLong());
      waits = ticket.state == PacedCall.State.WAITING;
    }
    if (waits) {
      turns.turn();
    } else {
      ticket.tell();
    }
    return ticket;
  }

  /**
   * Refuses all who wait, for instance because the process ends. They are told before this method
   * returns, unless another thread is telling waiters already.
   */
  public void refuseAllWaiting() {
    synchronized (lock) {
      queue.refuseAll(nanoTime.getAsLong());
    }
    turns.turn();
  }

  /**
   * Changes what is known of the quota. Calls of before count on; who waits goes on waiting.
   *
   * @param knownRequests the quota, 0 if it is unknown and has to be learned
   * @param per the quota's window
   */
  public void quota(int knownRequests, Duration per) {
    synchronized (lock) {
      quota.tell(knownRequests, per, nanoTime.getAsLong());
    }
    turns.turn();
  }

  /**
   * Takes over what others have learned of a quota that is not known here: as if it had been
   * confirmed by refusals, and open to be raised.
   */
  public void learned(int requests, Duration per) {
    synchronized (lock) {
      quota.learned(requests, per, nanoTime.getAsLong());
    }
    turns.turn();
  }

  /** Sends nothing for this long: the partner has said so to somebody else. */
  public void hold(Duration time) {
    synchronized (lock) {
      quota.hold(Hold.nanos(time), nanoTime.getAsLong());
    }
  }

  /** How things stand at this moment. */
  public Snapshot snapshot() {
    synchronized (lock) {
      long now = nanoTime.getAsLong();
      QuotaBelief belief = quota.belief();
      return new Snapshot(
          queue.size(),
          belief.limit(),
          Duration.ofNanos(belief.per()),
          quota.used(now),
          quota.holdNanos(now),
          queue.predictedWait(now),
          belief.state().name());
    }
  }

  /** The states that a {@link Snapshot} can name. */
  public static List<String> states() {
    return Stream.of(QuotaBelief.State.values()).map(Enum::name).toList();
  }

  /** Who asked; told once whether the call was granted or refused, or not at all if cancelled. */
  public interface Waiter {
    /** The call may be sent now; the ticket wants to hear what becomes of it. */
    void granted(Ticket ticket);

    /**
     * The call cannot be sent in time.
     *
     * @param retryAfter when a call that comes back can expect to be sent, at least a second
     */
    void refused(Duration retryAfter);
  }

  /** Runs something later, on any thread; early or more than once does no harm. */
  public interface Alarm {
    /** Returns at once, before the action has run. */
    void at(long delayNanos, Runnable action);
  }

  /**
   * How things stand.
   *
   * @param waiting calls that wait
   * @param limit most calls in {@code per}, 0 if none is known
   * @param used calls that count now
   * @param holdNanos how long nothing is sent because the partner said so
   * @param predictedWaitNanos how long a call of a new caller can expect to wait
   * @param state what the limit is based on: FREE, SLOW_START, SUSPECTED or CONFIRMED
   */
  public record Snapshot(
      int waiting,
      int limit,
      Duration per,
      int used,
      long holdNanos,
      long predictedWaitNanos,
      String state) {}

  /**
   * One call's claim to be sent; as thread-safe as its pacer. Once granted it must hear exactly one
   * of {@link #answered} and {@link #unused}; what comes after that is ignored.
   */
  public final class Ticket extends PacedCall {
    private final Waiter waiter;

    private Ticket(String caller, long latestStart, Waiter waiter) {
      super(caller, latestStart);
      this.waiter = Objects.requireNonNull(waiter, "waiter");
    }

    /** Leaves the queue without being told; false if it does not wait any more. */
    public boolean cancel() {
      synchronized (lock) {
        if (state != State.WAITING) {
          return false;
        }
        state = State.DONE;
        queue.remove(this);
        return true;
      }
    }

    /**
     * The call was sent, and has an answer or will not get one.
     *
     * @param refusedByQuota whether the partner refused it because there were too many
     * @param retryAfterOrNull what the partner said about when to come back; zero counts as nothing
     */
    public void answered(boolean refusedByQuota, Duration retryAfterOrNull) {
      long advice = Hold.nanos(retryAfterOrNull);
      finish(
          now -> {
            if (refusedByQuota) {
              quota.refused(quotaCall, advice, now);
            } else {
              quota.answeredWell(quotaCall, now);
            }
          });
    }

    /** The call was never sent; another one takes its place. */
    public void unused() {
      finish(now -> quota.unused(quotaCall));
    }

    private void finish(LongConsumer outcome) {
      synchronized (lock) {
        if (state != State.GRANTED) {
          return;
        }
        state = State.DONE;
        outcome.accept(nanoTime.getAsLong());
        if (queue.size() == 0) {
          return;
        }
      }
      turns.turn();
    }

    @Override
    void tell() {
      if (retryAfter != null) {
        waiter.refused(retryAfter);
        return;
      }
      try {
        waiter.granted(this);
      } catch (Throwable thrown) {
        unused();
        throw thrown;
      }
    }
  }
}
