package infopass.gateway.resilience;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * At most {@code limit} acquisitions in any span of {@code per}.
 *
 * <p>Time is cut into buckets of a 256th of {@code per}. An acquisition counts from its instant
 * until {@code per} after the end of its bucket: up to a 256th too long and never too short. Memory
 * is constant, and what the methods cost does not depend on the limit.
 *
 * <p>Not thread-safe: its owner locks.
 */
public final class SlidingWindowLimit {
  private static final int BUCKETS = 256;

  /** The running bucket and all before it that can still count. */
  private static final int RING = BUCKETS + 1;

  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final long NEVER = Long.MAX_VALUE / 4;

  private final LongSupplier nanoTime;
  private final long origin;
  private int[] counts = new int[RING];
  private int used;
  private int limit;
  private Duration per;
  private long bucketNanos;
  private long current;
  private long currentEnd;

  /**
   * @param limit most acquisitions in any span of {@code per}, at least 1
   * @param per the span, above zero and at most a hundred years
   * @param nanoTime a monotonic clock like {@link System#nanoTime()}, in nanoseconds
   * @throws IllegalArgumentException if a value is out of its range
   */
  public SlidingWindowLimit(int limit, Duration per, LongSupplier nanoTime) {
    this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
    this.origin = nanoTime.getAsLong();
    set(limit, per);
    currentEnd = bucketNanos;
  }

  /** Takes one acquisition if the limit allows it now. */
  public boolean tryAcquire() {
    long now = nanoTime.getAsLong();
    if (used(now) >= limit) {
      return false;
    }
    acquire(now);
    return true;
  }

  /** Acquisitions that count now; after {@link #resize} there may be more than the limit. */
  public int used() {
    return used(nanoTime.getAsLong());
  }

  /** Most acquisitions in any span of {@link #per()}. */
  public int limit() {
    return limit;
  }

  /** The span within which acquisitions are limited. */
  public Duration per() {
    return per;
  }

  /**
   * Tells in how many nanoseconds the {@code k}-th further acquisition will be possible, if each of
   * those before it is taken as soon as it can be and nothing else is; 0 if that is now.
   *
   * @param k which one, counted from 1; one beyond the limit falls into a later window
   * @throws IllegalArgumentException if {@code k} is below 1
   */
  public long nanosUntilFree(int k) {
    return nanosUntilFree(k, nanoTime.getAsLong(), 0, 0);
  }

  /**
   * Gives an acquisition back, as if it had never been; nothing happens if it counts no more.
   *
   * @param acquiredAtNanos what the clock said when it was taken
   */
  public void refund(long acquiredAtNanos) {
    roll(nanoTime.getAsLong());
    long from = Math.max(Math.floorDiv(acquiredAtNanos - origin, bucketNanos), current - BUCKETS);
    // A resize may have moved it into a later bucket, never into an earlier one.
    for (long bucket = from; bucket <= current; bucket++) {
      if (counts[slot(bucket)] > 0) {
        counts[slot(bucket)]--;
        used--;
        return;
      }
    }
  }

  /**
   * Changes limit and span. Acquisitions that are remembered keep counting, for the new span; what
   * is older than the old span has been forgotten.
   *
   * @throws IllegalArgumentException as the constructor
   */
  public void resize(int limit, Duration per) {
    if (per.equals(this.per)) {
      set(limit, per);
      return;
    }
    long now = nanoTime.getAsLong();
    roll(now);
    int[] old = counts;
    long oldNanos = bucketNanos;
    long oldCurrent = current;
    set(limit, per);
    counts = new int[RING];
    used = 0;
    current = (now - origin) / bucketNanos;
    currentEnd = (current + 1) * bucketNanos;
    for (long bucket = oldCurrent - BUCKETS; bucket <= oldCurrent; bucket++) {
      // The latest instant at which it can have been, so that it never counts too short.
      long latest = Math.min((bucket + 1) * oldNanos - 1, now - origin);
      put(Math.floorDiv(latest, bucketNanos), old[slot(bucket)]);
    }
  }

  int used(long now) {
    roll(now);
    return used;
  }

  /** Acquires whatever the limit says. */
  void acquire(long now) {
    roll(now);
    counts[slot(current)]++;
    used++;
  }

  /** The part of the span by which an acquisition may count too long. */
  long bucketNanos() {
    return bucketNanos;
  }

  /**
   * As {@link #nanosUntilFree(int)}, if the first acquisition is made {@code notBefore} nanoseconds
   * from now at the earliest, and each further one {@code spacing} nanoseconds after the one
   * before.
   */
  long nanosUntilFree(int k, long now, long notBefore, long spacing) {
    if (k < 1) {
      throw new IllegalArgumentException("k must be >= 1, was " + k);
    }
    roll(now);
    long sinceOrigin = now - origin;
    long inWindow = (k - 1) % limit + 1;
    long rounds = (k - 1) / limit;
    long at = notBefore + (inWindow - 1) * spacing;
    long free = (long) limit - used;
    for (long bucket = current - BUCKETS; free < inWindow; bucket++) {
      int count = counts[slot(bucket)];
      long first = Math.max(1, free + 1);
      free += count;
      if (count > 0 && free >= first) {
        long release = (bucket + RING) * bucketNanos - sinceOrigin;
        at = Math.max(at, release + (inWindow - first) * spacing);
      }
    }
    if (rounds == 0) {
      return at;
    }
    long round = Math.max(RING * bucketNanos, limit * spacing);
    long next = ((sinceOrigin + at) / bucketNanos + RING) * bucketNanos - sinceOrigin;
    return rounds > NEVER / round ? NEVER : Math.min(NEVER, next + (rounds - 1) * round);
  }

  private void set(int limit, Duration per) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be >= 1, was " + limit);
    }
    if (per.isNegative() || per.isZero() || per.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("per must be > 0 and <= " + LONGEST + ", was " + per);
    }
    this.limit = limit;
    this.per = per;
    this.bucketNanos = (per.toNanos() - 1) / BUCKETS + 1;
  }

  private void roll(long now) {
    long sinceOrigin = now - origin;
    if (sinceOrigin < currentEnd) {
      return;
    }
    long to = sinceOrigin / bucketNanos;
    for (long left = Math.min(to - current, RING), bucket = to; left > 0; left--, bucket--) {
      used -= counts[slot(bucket)];
      counts[slot(bucket)] = 0;
    }
    current = to;
    currentEnd = (to + 1) * bucketNanos;
  }

  private void put(long bucket, int count) {
    if (bucket >= current - BUCKETS) {
      counts[slot(bucket)] += count;
      used += count;
    }
  }

  private static int slot(long bucket) {
    return Math.floorMod(bucket, RING);
  }
}
