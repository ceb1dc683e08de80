package infopass.gateway.bus;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which event loops of this process have a client instance of their own. Talking to the instance of
 * one's own loop costs a fifth of a hop to another. Thread-safe; the one place that looks behind
 * Vert.x' public API for the loop's identity and for its promises.
 */
final class Loops {
  private final Map<String, Lane> served = new ConcurrentHashMap<>();

  /** The partner side of one event loop. Thread-safe. */
  static final class Lane {
    private final String key;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int places;

    private Lane(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }

    /** Takes a place where there is one. */
    private boolean tryBegin() {
      int taken = asked.get();
      while (taken < places) {
        if (asked.compareAndSet(taken, taken + 1)) {
          return true;
        }
        taken = asked.get();
      }
      return false;
    }

    private void begin() {
      asked.incrementAndGet();
    }

    void end() {
      asked.decrementAndGet();
    }

    private int free() {
      return places - asked.get();
    }
  }

  static String keyOf(Context context) {
    EventLoop loop = ((ContextInternal) context).nettyEventLoop();
    return Integer.toHexString(System.identityHashCode(loop));
  }

  /** A promise whose listeners run on the context that this is called on, whoever completes it. */
  static <T> Promise<T> promise(Vertx vertx) {
    return ((ContextInternal) vertx.getOrCreateContext()).promise();
  }

  /**
   * @param places how many calls it can have at the partner at once
   */
  void add(String key, int places) {
    served.compute(
        key,
        (same, known) -> {
          Lane lane = known == null ? new Lane(key) : known;
          lane.places = (int) Math.min(Integer.MAX_VALUE, (long) lane.places + places);
          return lane;
        });
  }

  void remove(String key) {
    served.remove(key);
  }

  /**
   * Takes a place with this loop, or where it has none left, with the one that has the most: a
   * limit is that of the process, however its callers are spread over the loops. Where none has
   * any, the call is this loop's to queue or to refuse.
   *
   * @return null where the loop is not served; else {@link Lane#end} is to be called when it is
   *     over
   */
  Lane take(String key) {
    Lane own = served.get(key);
    if (own == null || own.tryBegin()) {
      return own;
    }
    for (Lane next = roomiest(); next != null; next = roomiest()) {
      if (next.tryBegin()) {
        return next;
      }
    }
    own.begin();
    return own;
  }

  private Lane roomiest() {
    Lane best = null;
    for (Lane lane : served.values()) {
      if (lane.free() > 0 && (best == null || lane.free() > best.free())) {
        best = lane;
      }
    }
    return best;
  }

  /** Whether no event loop has one. */
  boolean none() {
    return served.isEmpty();
  }
}
