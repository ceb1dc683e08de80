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

    void begin() {
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
   * That of this loop, or where it has no place left, the one with the most: a limit is that of the
   * process, however its callers are spread over the loops. Null where the loop has none.
   */
  Lane lane(String key) {
    Lane own = served.get(key);
    if (own == null || own.free() > 0) {
      return own;
    }
    Lane best = own;
    int most = own.free();
    for (Lane lane : served.values()) {
      int free = lane.free();
      if (free > most) {
        best = lane;
        most = free;
      }
    }
    return best;
  }

  /** Whether no event loop has one. */
  boolean none() {
    return served.isEmpty();
  }
}
