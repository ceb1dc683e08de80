package infopass.gateway.digilocker;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * An instant on the monotonic clock of this process by which a request must have been answered. It
 * moves back where a more patient caller joins the request, and never forward. Thread-safe.
 */
public final class Deadline {
  private volatile long atNanos;

  /**
   * @param atNanos reading of the nano clock at which it passes; meaningful within one process only
   */
  public Deadline(long atNanos) {
    this.atNanos = atNanos;
  }

  public static Deadline after(Duration budget, LongSupplier nanoTime) {
    return new Deadline(nanoTime.getAsLong() + budget.toNanos());
  }

  public long atNanos() {
    return atNanos;
  }

  /** Lasts at least as long as the other from now on. */
  public synchronized void extendTo(Deadline other) {
    if (other.isAfter(this)) {
      atNanos = other.atNanos;
    }
  }

  public boolean isAfter(Deadline other) {
    return atNanos - other.atNanos > 0; // A difference, since a monotonic clock may wrap around.
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

  @Override
  public String toString() {
    return "Deadline[atNanos=" + atNanos + "]";
  }
}
