package infopass.gateway.resilience;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Decides which call is sent, which waits and which is refused; it tells nobody.
 *
 * <p>Not thread-safe: its owner locks. All times are readings of a monotonic clock in nanoseconds.
 */
final class PacingQueue {
  private static final long SECOND = 1_000_000_000L;

  private final QuotaEstimate quota;
  private final RandomGenerator random;
  private final FairQueue<PacedCall> queue;
  private final TreeSet<PacedCall> byLatestStart = new TreeSet<>(PacedCall::compareLatestStart);

  /** Those who were refused in favour of others, and do not know it yet. */
  private final Queue<PacedCall> displaced = new ArrayDeque<>();

  private final ReturnPlaces places = new ReturnPlaces();

  private long sequence;

  PacingQueue(QuotaEstimate quota, int maxWaiting, RandomGenerator random) {
    this.quota = quota;
    this.random = random;
    this.queue = new FairQueue<>(maxWaiting);
  }

  /** Calls that wait. */
  int size() {
    return queue.size();
  }

  /** Nanoseconds that a call of a caller with nothing in the queue can expect to wait. */
  long predictedWait(long now) {
    return predictedWait("", now);
  }

  /** Grants, refuses or adds a call; its state says which. */
  void offer(PacedCall call, long now) {
    long patience = call.latestStart - now;
    if (queue.size() == 0 && patience >= 0 && quota.tryGrant(call.quotaCall, now)) {
      call.state = PacedCall.State.GRANTED;
      return;
    }
    quota.contend(now);
    if (predictedWait(call.caller, now) > patience || !makeRoom(call.caller, now)) {
      refuse(call, now);
      return;
    }
    call.place = queue.add(call.caller, call);
    call.sequence = sequence++;
    byLatestStart.add(call);
  }

  /** The next call whose waiting has ended, granted or refused; null if there is none now. */
  PacedCall next(long now) {
    if (!displaced.isEmpty()) {
      return displaced.poll();
    }
    if (queue.size() == 0) {
      return null;
    }
    PacedCall overdue = byLatestStart.first();
    if (overdue.latestStart - now < 0) {
      remove(overdue);
      refuse(overdue, now);
      return overdue;
    }
    quota.contend(now);
    if (!quota.tryGrant(queue.peek().quotaCall, now)) {
      return null;
    }
    PacedCall first = queue.poll();
    byLatestStart.remove(first);
    first.state = PacedCall.State.GRANTED;
    return first;
  }

  /** Nanoseconds until it is worth asking for {@link #next} again, unless something changes. */
  long nanosUntilNext(long now) {
    long overdue = byLatestStart.first().latestStart - now + 1;
    return Math.max(1, Math.min(overdue, quota.nanosUntilNext(now)));
  }

  /** Takes a waiting call out. */
  void remove(PacedCall call) {
    queue.remove(call.place);
    byLatestStart.remove(call);
  }

  /** Refuses all that wait; {@link #next} hands them out. */
  void refuseAll(long now) {
    while (queue.size() > 0) {
      PacedCall call = queue.poll();
      byLatestStart.remove(call);
      refuse(call, now);
      displaced.add(call);
    }
  }

  private boolean makeRoom(String caller, long now) {
    if (!queue.isFull()) {
      return true;
    }
    PacedCall newest = queue.displaceFor(caller);
    if (newest == null) {
      return false;
    }
    byLatestStart.remove(newest);
    refuse(newest, now);
    displaced.add(newest);
    return true;
  }

  /** Refuses until there is sense in coming back, which is not before the turn of the call. */
  private void refuse(PacedCall call, long now) {
    quota.contend(now);
    long wait = quota.nanosUntilReturn(queue.turnOfNewcomer(call.caller), now);
    wait = Math.max(Math.max(SECOND, quota.holdNanos(now)), wait);
    long spacing = quota.spacingNanos();
    wait = places.next(now, wait, spacing, quota.belief().per());
    long jitter = random.nextLong(Math.max(SECOND, spacing > 0 ? 0 : wait / 5) + 1);
    call.retryAfter = Duration.ofNanos(wait + jitter);
    call.state = PacedCall.State.REFUSED;
  }

  private long predictedWait(String caller, long now) {
    return quota.nanosUntilGrant(queue.turnOfNewcomer(caller), now);
  }
}
