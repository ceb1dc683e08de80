package infopass.gateway.cluster;

import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.remoting.transport.Address;

/**
 * Vert.x' own cluster manager on the Infinispan that starts on every supported Java: that version
 * does not show its transport, so the members are asked of the cache manager. It also remembers
 * what this node registered, to say it again after a cut, when each side has forgotten the other,
 * and where nobody listens.
 */
final class GatewayClusterManager extends InfinispanClusterManager {
  private final DefaultCacheManager manager;
  private final ClusterConfig config;
  private final LongSupplier nanoTime;
  private final Set<Registered> own = ConcurrentHashMap.newKeySet();
  private volatile QuietAddresses quiet;

  private record Registered(String address, RegistrationInfo info) {}

  GatewayClusterManager(DefaultCacheManager manager, ClusterConfig config, LongSupplier nanoTime) {
    super(manager);
    this.manager = manager;
    this.config = config;
    this.nanoTime = nanoTime;
  }

  @Override
  public List<String> getNodes() {
    return manager.getMembers().stream().map(Address::toString).toList();
  }

  @Override
  public String clusterHost() {
    return config.host();
  }

  @Override
  public String clusterPublicHost() {
    return config.host();
  }

  @Override
  public synchronized void registrationListener(RegistrationListener eventBus) {
    quiet = new QuietAddresses(eventBus, nanoTime);
    super.registrationListener(quiet);
  }

  @Override
  public void getRegistrations(String address, Completable<List<RegistrationInfo>> promise) {
    quiet.ask(address, super::getRegistrations, promise);
  }

  /** Whether it is known that nobody listens there. */
  boolean quiet(String address) {
    return quiet.knows(address);
  }

  @Override
  public void addRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
    if (!info.localOnly()) {
      own.add(new Registered(address, info));
    }
    quiet.began(address);
    super.addRegistration(address, info, promise);
  }

  @Override
  public void removeRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
    own.remove(new Registered(address, info));
    quiet.ended(address);
    super.removeRegistration(address, info, promise);
  }

  /** Says again where this node is and what it listens to; harmless where that is known. */
  void announceAgain() {
    if (isActive() && getNodeInfo() != null) {
      setNodeInfo(getNodeInfo(), (done, failed) -> {});
      own.forEach(one -> super.addRegistration(one.address(), one.info(), (done, failed) -> {}));
    }
  }
}
