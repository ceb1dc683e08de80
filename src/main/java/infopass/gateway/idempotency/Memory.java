package infopass.gateway.idempotency;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What has been settled, in the order in which it was, up to a bound. The oldest goes first: what
 * is repeated is nearly always what came last, so a cache that keeps what is asked for often would
 * keep the wrong ones. Thread-safe.
 */
final class Memory {
  /** Forgotten with each new entry: more than come, so that none outlives its time for long. */
  private static final int FORGOTTEN_AT_ONCE = 4;

  private final int maxEntries;
  private final Map<ByteBuffer, Settled> entries = new LinkedHashMap<>();
  private long displaced;

  Memory(int maxEntries) {
    this.maxEntries = maxEntries;
  }

  /** Null where there is none. */
  synchronized Settled get(ByteBuffer id) {
    return entries.get(id);
  }

  synchronized void put(ByteBuffer id, Settled kept, Instant now) {
    entries.remove(id);
    entries.put(id, kept);
    Iterator<Settled> oldest = entries.values().iterator();
    for (int i = 0; i < FORGOTTEN_AT_ONCE && oldest.hasNext(); i++) {
      boolean over = oldest.next().until().isBefore(now);
      if (!over && entries.size() <= maxEntries) {
        return;
      }
      oldest.remove();
      displaced += over ? 0 : 1;
    }
  }

  synchronized void forget(ByteBuffer id) {
    entries.remove(id);
  }

  synchronized int size() {
    return entries.size();
  }

  /** Entries that were forgotten before their time, for want of room. */
  synchronized long displaced() {
    return displaced;
  }
}
