package infopass.gateway.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * The socket that all instances of a listener take connections from. It can be closed by itself,
 * which a server of Vert.x cannot: that closes its idle connections at the same time. Thread-safe.
 */
public final class Acceptor {
  /**
   * How long after {@link #close} connections may still be taken: those whose handshake had begun.
   */
  public static final Duration LAST = Duration.ofMillis(100);

  private final AtomicReference<Channel> socket = new AtomicReference<>();
  private final LongAdder failures = new LongAdder();
  private volatile boolean closed;

  /** How many connections could not be accepted so far. */
  public long failures() {
    return failures.sum();
  }

  /** Learns from a connection where it came from. */
  void took(HttpConnection connection) {
    Channel listening = socket.get() == null ? Wire.acceptor(connection) : null;
    if (listening != null && socket.compareAndSet(null, listening)) {
      listening.pipeline().addLast(new AcceptFailures(failures));
      if (closed) {
        close();
      }
    }
  }

  /**
   * Lets no more connections begin, and soon takes none; those that are open stay. Where none has
   * ever come, the first one is still taken.
   */
  public void close() {
    closed = true;
    Channel listening = socket.get();
    if (listening != null && ClosedDoor.on(listening)) {
      listening.eventLoop().schedule(() -> listening.close(), LAST.toMillis(), MILLISECONDS);
    } else if (listening != null) {
      listening.close();
    }
  }
}
