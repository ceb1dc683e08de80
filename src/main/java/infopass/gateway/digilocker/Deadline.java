package infopass.gateway.digilocker;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * An instant on the monotonic clock of this process by which a request must have been answered.
 *
 * @param atNanos reading of the nano clock at which it passes; meaningful within one process only
 */
public record Deadline(long atNanos) {

  public static Deadline after(Duration budget, LongSupplier nanoTime) {
    return new Deadline(nanoTime.getAsLong() + budget.toNanos());
  }

  /** Nanoseconds left; zero or negative when it has passed. */
  public long remainingNanos(LongSupplier nanoTime) {
    return atNanos - nanoTime.getAsLong();
  }

  /**
   * Milliseconds left, rounded up so that a timer set to it never fires early; zero when it has
   * passed.
   */
  public long remainingMillis(LongSupplier nanoTime) {
    long nanos = remainingNanos(nanoTime);
    return nanos <= 0 ? 0 : (nanos + 999_999) / 1_000_000;
  }
}
