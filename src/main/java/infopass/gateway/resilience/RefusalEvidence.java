package infopass.gateway.resilience;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Tells a quota that is used up from a refusal of one call alone, such as a person's repeats being
 * throttled: only several calls in a row make a quota. A call that is let through in between, or a
 * minute, makes the earlier refusals worthless. Thread-safe.
 */
public final class RefusalEvidence {
  private static final int ENOUGH = 3;
  private static final long WORTH_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private final List<Object> refused = new ArrayList<>(ENOUGH);
  private long firstAt;

  /**
   * @param nanoTime a monotonic clock like {@link System#nanoTime()}
   */
  public RefusalEvidence(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * A call was refused.
   *
   * @param call by identity: a call that is refused again when it is repeated counts once
   * @return whether the refusals make a quota
   */
  public synchronized boolean refused(Object call) {
    long now = nanoTime.getAsLong();
    if (!refused.isEmpty() && now - firstAt > WORTH_NANOS) {
      refused.clear();
    }
    if (refused.isEmpty()) {
      firstAt = now;
    }
    if (refused.stream().noneMatch(known -> known == call) && refused.size() < ENOUGH) {
      refused.add(call);
    }
    return refused.size() >= ENOUGH;
  }

  /** A call that was sent at this reading of the clock was not refused. */
  public synchronized void letThrough(long sentAtNanos) {
    if (!refused.isEmpty() && sentAtNanos - firstAt > 0) {
      refused.clear();
    }
  }
}
