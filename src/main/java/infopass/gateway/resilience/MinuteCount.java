package infopass.gateway.resilience;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/** Counts events of the last minute, by second. Thread-safe; counting allocates nothing. */
public final class MinuteCount {
  private static final int SECONDS = 60;
  private static final int SLOTS = 64;
  private static final int COUNT_BITS = 32;
  private static final long ONE_SECOND = 1_000_000_000L;

  /** The second, plus one, above the count of that second. */
  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  private final LongSupplier nanoTime;
  private final long origin;

  /**
   * @param nanoTime a monotonic clock like {@link System#nanoTime()}, in nanoseconds
   */
  public MinuteCount(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.origin = nanoTime.getAsLong();
  }

  /** Counts one event. */
  public void increment() {
    long stamp = second() + 1;
    slots.accumulateAndGet(
        (int) (stamp % SLOTS),
        stamp << COUNT_BITS,
        (slot, fresh) -> (slot >>> COUNT_BITS == stamp ? slot : fresh) + 1);
  }

  /** Events of the last minute, the second that is running included. */
  public long sum() {
    long newest = second() + 1;
    long sum = 0;
    for (int i = 0; i < SLOTS; i++) {
      long slot = slots.get(i);
      long age = newest - (slot >>> COUNT_BITS);
      sum += age >= 0 && age <= SECONDS && slot != 0 ? slot & 0xFFFF_FFFFL : 0;
    }
    return sum;
  }

  private long second() {
    return (nanoTime.getAsLong() - origin) / ONE_SECOND;
  }
}
