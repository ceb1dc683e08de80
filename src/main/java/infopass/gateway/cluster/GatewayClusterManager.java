package infopass.gateway.cluster;

import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.remoting.transport.Address;

/**
 * Vert.x' own cluster manager on the Infinispan that starts on every supported Java: that version
 * does not show its transport, so the members are asked of the cache manager. It also remembers
 * what this node registered, to say it again after a cut, when each side has forgotten the other.
 */
final class GatewayClusterManager extends InfinispanClusterManager {
  private final DefaultCacheManager manager;
  private final ClusterConfig config;
  private final Set<Registered> own = ConcurrentHashMap.newKeySet();

  private record Registered(String address, RegistrationInfo info) {}

  GatewayClusterManager(DefaultCacheManager manager, ClusterConfig config) {
    super(manager);
    this.manager = manager;
    this.config = config;
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
  public void addRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
    if (!info.localOnly()) {
      own.add(new Registered(address, info));
    }
    super.addRegistration(address, info, promise);
  }

  @Override
  public void removeRegistration(String address, RegistrationInfo info, Completable<Void> promise) {
    own.remove(new Registered(address, info));
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
