package infopass.gateway.infopass;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Knows the addresses of the partner's name: looked up anew while calls are made, so that a change
 * is followed, with the one first that worked last (RFC 1123 section 2.3). Where a lookup fails,
 * those of before stay. Belongs to one event loop.
 */
final class PartnerAddresses {
  private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();

  private final Vertx vertx;
  private final String host;
  private final int port;
  private final HostResolver resolver;
  private final LongSupplier nanoTime;
  private List<SocketAddress> known = List.of();
  private long lookedUpAt;
  private Future<List<SocketAddress>> lookup;

  PartnerAddresses(
      Vertx vertx, String host, int port, HostResolver resolver, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.host = host;
    this.port = port;
    this.resolver = resolver;
    this.nanoTime = nanoTime;
  }

  /** Those to be tried, in their order, at least one; fails where none has ever been found. */
  Future<List<SocketAddress>> inOrder() {
    boolean stale = known.isEmpty() || nanoTime.getAsLong() - lookedUpAt >= FRESH_NANOS;
    if (stale && lookup == null) {
      lookup = vertx.executeBlocking(() -> resolver.resolve(host), false).map(this::found);
      lookup.onComplete(
          done -> {
            lookedUpAt = nanoTime.getAsLong();
            lookup = null;
          });
    }
    return known.isEmpty() ? lookup : Future.succeededFuture(known);
  }

  private List<SocketAddress> found(List<InetAddress> addresses) {
    List<SocketAddress> now = new ArrayList<>(addresses.size());
    for (InetAddress address : addresses) {
      now.add(SocketAddress.inetSocketAddress(new InetSocketAddress(address, port)));
    }
    if (!known.isEmpty() && now.remove(known.get(0))) {
      now.add(0, known.get(0));
    }
    known = List.copyOf(now);
    return known;
  }

  /** No connection to it could be made: it comes last from now on. */
  void failed(SocketAddress address) {
    if (known.size() > 1 && known.get(0).equals(address)) {
      List<SocketAddress> next = new ArrayList<>(known.subList(1, known.size()));
      next.add(address);
      known = List.copyOf(next);
    }
  }
}
