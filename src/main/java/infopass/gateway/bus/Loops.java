package infopass.gateway.bus;

import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which event loops of this process have a client instance of their own. Talking to the instance of
 * one's own loop costs a fifth of a hop to another. Thread-safe; the one place that looks behind
 * Vert.x' public API for the loop's identity and for its promises.
 */
final class Loops {
  private final Set<String> served = ConcurrentHashMap.newKeySet();

  static String keyOf(Context context) {
    EventLoop loop = ((ContextInternal) context).nettyEventLoop();
    return Integer.toHexString(System.identityHashCode(loop));
  }

  /** A promise whose listeners run on the context that this is called on, whoever completes it. */
  static <T> Promise<T> promise(Vertx vertx) {
    return ((ContextInternal) vertx.getOrCreateContext()).promise();
  }

  void add(String key) {
    served.add(key);
  }

  void remove(String key) {
    served.remove(key);
  }

  /** Whether no event loop has one. */
  boolean none() {
    return served.isEmpty();
  }

  boolean served(String key) {
    return served.contains(key);
  }
}
