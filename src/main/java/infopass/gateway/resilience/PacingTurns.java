package infopass.gateway.resilience;

import infopass.gateway.resilience.Pacer.Alarm;
import java.util.function.LongSupplier;

/**
 * Tells those whose waiting has ended, one after the other and never two at a time, and sets the
 * alarm for the next. Thread-safe; what it shares with its pacer is guarded by that one's lock.
 */
final class PacingTurns {
  private final Object lock;
  private final PacingQueue queue;
  private final LongSupplier nanoTime;
  private final Alarm alarm;
  private boolean delivering;
  private boolean alarmSet;
  private long alarmAt;

  /**
   * @param lock guards the queue
   */
  PacingTurns(Object lock, PacingQueue queue, LongSupplier nanoTime, Alarm alarm) {
    this.lock = lock;
    this.queue = queue;
    this.nanoTime = nanoTime;
    this.alarm = alarm;
  }

  /** To be called without the lock, after anything that may have ended somebody's waiting. */
  void turn() {
    // Only one thread, and only once on it: a callback that calls us must not deepen the stack.
    boolean mine = false;
    while (true) {
      PacedCall next;
      long now;
      long wakeIn;
      synchronized (lock) {
        if (delivering && !mine) {
          return; // The loop that is at it sees what has changed.
        }
        now = nanoTime.getAsLong();
        next = queue.next(now);
        mine = next != null;
        delivering = mine;
        wakeIn = mine ? 0 : wakeIn(now);
      }
      if (next == null) {
        if (wakeIn > 0) {
          long at = now + wakeIn;
          alarm.at(wakeIn, () -> wake(at));
        }
        return;
      }
      tellSafely(next);
    }
  }

  /** Nanoseconds until an alarm that is to be set; 0 if none is. */
  private long wakeIn(long now) {
    if (queue.size() == 0) {
      return 0;
    }
    long delay = queue.nanosUntilNext(now);
    if (alarmSet && alarmAt - now <= delay) {
      return 0;
    }
    alarmSet = true;
    alarmAt = now + delay;
    return delay;
  }

  private void wake(long at) {
    synchronized (lock) {
      // It may come early, so the clock does not tell whether this is the one that is set.
      if (alarmAt == at) {
        alarmSet = false;
      }
    }
    turn();
  }

  private static void tellSafely(PacedCall call) {
    try {
      call.tell();
    } catch (Throwable thrown) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    }
  }
}
