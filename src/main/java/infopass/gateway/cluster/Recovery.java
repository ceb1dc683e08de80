package infopass.gateway.cluster;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the shared memory again where nodes were lost for good. After too many were lost at once it
 * is closed, since they may be the larger part of a cut; when others have come in their place, so
 * that more than half of as many as there were are here, they cannot be. Belongs to the roster's
 * context.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  /** Time for the parts of a cut to find each other by themselves. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final BooleanSupplier whole;
  private final IntSupplier before;
  private final Runnable open;
  private final LongSupplier nanoTime;
  private boolean waiting;
  private long since;

  /**
   * @param whole whether the shared memory can be read and written
   * @param before how many nodes there were when it last was, as the memory itself has noted: what
   *     is seen from here can already be without those behind a cut
   * @param open makes it so
   */
  Recovery(BooleanSupplier whole, IntSupplier before, Runnable open, LongSupplier nanoTime) {
    this.whole = whole;
    this.before = before;
    this.open = open;
    this.nanoTime = nanoTime;
  }

  /** Looks at how many nodes there are now. */
  void look(int nodes) {
    if (whole.getAsBoolean()) {
      waiting = false;
      return;
    }
    int there = before.getAsInt();
    boolean enough = there > 0 && 2 * nodes > there;
    long now = nanoTime.getAsLong();
    if (!enough || !waiting) {
      waiting = enough;
      since = now;
    } else if (now - since >= PATIENCE_NANOS) {
      waiting = false;
      LOG.atWarn()
          .addKeyValue("nodes", nodes)
          .addKeyValue("before", there)
          .log("the shared memory is opened again without the nodes that were lost");
      open.run();
    }
  }
}
