package infopass.gateway.cluster;

import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Remembers of an address that nobody in the cluster listens there, until somebody does: Vert.x
 * remembers who listens, but where nobody does it asks the registry again for each message, which
 * costs more than the message. Who begins to listen in this process is known at once; elsewhere,
 * when the registry tells, which takes some 25 ms after their registration is complete. {@value
 * #KNOWN_MILLIS} ms later it is asked again in any case. Thread-safe.
 */
final class QuietAddresses implements RegistrationListener {
  /** So long a change that was not heard of can go unnoticed. */
  static final long KNOWN_MILLIS = 250;

  /** More than anybody publishes to; of those beyond it nothing is remembered. */
  private static final int MAX_ADDRESSES = 64;

  private final RegistrationListener eventBus;
  private final LongSupplier nanoTime;
  private final Map<String, Quiet> addresses = new ConcurrentHashMap<>();

  /** How many listen in this process, and are reached whatever the registry says. */
  private final Map<String, Integer> own = new ConcurrentHashMap<>();

  /** What one look at the registry came to; a later look or change takes its place. */
  private static final class Quiet {
    private final long askedNanos;
    private volatile boolean known;

    private Quiet(long askedNanos) {
      this.askedNanos = askedNanos;
    }

    private boolean holds(long nowNanos) {
      return known && nowNanos - askedNanos < TimeUnit.MILLISECONDS.toNanos(KNOWN_MILLIS);
    }
  }

  /**
   * @param eventBus hears of what it wants to hear of
   */
  QuietAddresses(RegistrationListener eventBus, LongSupplier nanoTime) {
    this.eventBus = eventBus;
    this.nanoTime = nanoTime;
  }

  /** Whether it is known that nobody listens there. */
  boolean knows(String address) {
    Quiet last = addresses.get(address);
    return last != null && last.holds(nanoTime.getAsLong()) && !own.containsKey(address);
  }

  /** Who listens: nobody, where that is known, and else what the registry says. */
  void ask(
      String address,
      BiConsumer<String, Completable<List<RegistrationInfo>>> registry,
      Completable<List<RegistrationInfo>> answer) {
    if (knows(address)) {
      answer.succeed(List.of());
      return;
    }
    long now = nanoTime.getAsLong();
    Quiet asked = new Quiet(now);
    if (addresses.size() >= MAX_ADDRESSES) {
      // Nobody has asked for those for a while: of nodes that have gone, most likely.
      addresses.values().removeIf(quiet -> quiet.known && !quiet.holds(now));
    }
    if (addresses.containsKey(address) || addresses.size() < MAX_ADDRESSES) {
      // Before the registry is read: of a change from now on this is told, and forgets it.
      addresses.put(address, asked);
    }
    registry.accept(
        address,
        (listeners, failure) -> {
          if (failure == null && listeners.isEmpty()) {
            asked.known = true;
          } else {
            addresses.remove(address, asked);
          }
          answer.complete(listeners, failure);
        });
  }

  /** One more listens in this process. */
  void began(String address) {
    own.merge(address, 1, Integer::sum);
  }

  /** One less does. */
  void ended(String address) {
    own.computeIfPresent(address, (same, count) -> count > 1 ? count - 1 : null);
  }

  @Override
  public boolean wantsUpdatesFor(String address) {
    return addresses.containsKey(address) || eventBus.wantsUpdatesFor(address);
  }

  @Override
  public void registrationsUpdated(RegistrationUpdateEvent event) {
    addresses.remove(event.address());
    if (eventBus.wantsUpdatesFor(event.address())) {
      eventBus.registrationsUpdated(event);
    }
  }

  @Override
  public void registrationsLost() {
    addresses.clear();
    eventBus.registrationsLost();
  }
}
