package infopass.gateway.cluster;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.infinispan.AdvancedCache;
import org.infinispan.commons.dataconversion.MediaType;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;
import org.infinispan.configuration.parsing.ParserRegistry;
import org.infinispan.conflict.MergePolicy;
import org.infinispan.eviction.EvictionStrategy;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.partitionhandling.AvailabilityMode;
import org.infinispan.partitionhandling.PartitionHandling;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.infinispan.topology.CacheTopology;
import org.infinispan.topology.LocalTopologyManager;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.util.SocketFactory;
import org.jgroups.util.TLS;
import org.jgroups.util.TLSClientAuth;

/**
 * Infinispan in this process: one cache for each thing that nodes share. Everything in them is
 * bytes that we wrote. Blocks while it starts and stops: not for an event loop.
 */
final class DataGrid implements AutoCloseable {
  private static final String NODES = "infopass.nodes";
  private static final String REQUESTS = "infopass.requests";
  private static final String SESSIONS = "infopass.sessions";
  private static final int OWNERS = 2;

  /** More than a million sessions in batches of a few. */
  private static final int MAX_BATCHES = 100_000;

  /** A node that does not answer for this long is about to be taken out of the cluster anyway. */
  private static final int REMOTE_SECONDS = 4;

  private final DefaultCacheManager manager;

  private DataGrid(DefaultCacheManager manager) {
    this.manager = manager;
  }

  /**
   * Joins the cluster, or begins one.
   *
   * @param maxRequests most remembered requests with a key on this node; 0 for a member that keeps
   *     nothing
   */
  static DataGrid join(ClusterConfig config, int maxRequests) throws IOException {
    String node =
        config.name() + '-' + config.port() + '-' + Long.toHexString(new SecureRandom().nextLong());
    ConfigurationBuilderHolder holder =
        new ParserRegistry(ClassConfigurator.class.getClassLoader())
            .parse(Discovery.xml(config, node), MediaType.APPLICATION_XML);
    GlobalConfigurationBuilder global = holder.getGlobalConfigurationBuilder();
    global.classLoader(DataGrid.class.getClassLoader());
    global.metrics().gauges(false).histograms(false);
    if (config.tls().complete()) {
      global
          .transport()
          .defaultTransport()
          .addProperty(JGroupsTransport.SOCKET_FACTORY, sockets(config.tls()));
    }
    DefaultCacheManager manager = new DefaultCacheManager(holder, false);
    for (String own : new String[] {"__vertx.subs", "__vertx.haInfo", "__vertx.nodeInfo"}) {
      manager.defineConfiguration(own, survivor(CacheMode.REPL_SYNC).build());
    }
    manager.defineConfiguration(
        "__vertx.distributed.cache.configuration", survivor(CacheMode.DIST_SYNC).build());
    manager.defineConfiguration(NODES, bytes(survivor(CacheMode.REPL_SYNC)).build());
    ConfigurationBuilder requests = bytes(cache(CacheMode.DIST_SYNC));
    requests.clustering().remoteTimeout(REMOTE_SECONDS, TimeUnit.SECONDS);
    requests.locking().lockAcquisitionTimeout(REMOTE_SECONDS, TimeUnit.SECONDS);
    // Half of a cluster that has been cut must not answer for the other half.
    requests
        .clustering()
        .partitionHandling()
        .whenSplit(PartitionHandling.DENY_READ_WRITES)
        .mergePolicy(MergePolicy.PREFERRED_NON_NULL);
    float capacity = maxRequests == 0 ? 0 : 1;
    requests.clustering().hash().capacityFactor(capacity);
    requests.memory().maxCount(Math.max(1, maxRequests)).whenFull(EvictionStrategy.REMOVE);
    manager.defineConfiguration(REQUESTS, requests.build());
    ConfigurationBuilder sessions = bytes(survivor(CacheMode.DIST_ASYNC));
    sessions.clustering().hash().capacityFactor(capacity);
    sessions.memory().maxCount(MAX_BATCHES).whenFull(EvictionStrategy.REMOVE);
    manager.defineConfiguration(SESSIONS, sessions.build());
    DataGrid grid = new DataGrid(manager);
    try {
      manager.start();
      manager.startCaches(NODES, REQUESTS, SESSIONS);
      return grid;
    } catch (RuntimeException e) {
      grid.close();
      throw new IOException("cannot join the cluster: " + root(e), e);
    }
  }

  private static String root(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  DefaultCacheManager manager() {
    return manager;
  }

  /** This process, as the others call it. */
  String self() {
    return manager.getNodeAddress();
  }

  /** What every node tells of itself. */
  AdvancedCache<byte[], byte[]> nodes() {
    return of(NODES);
  }

  /** What is known of requests with a key. */
  AdvancedCache<byte[], byte[]> requests() {
    return of(REQUESTS);
  }

  /** Which sessions are watched by whom. */
  AdvancedCache<byte[], byte[]> sessions() {
    return of(SESSIONS);
  }

  /** Whether the shared memory can be read and written: not so in the smaller part after a cut. */
  boolean whole() {
    return requests().getAvailability() == AvailabilityMode.AVAILABLE;
  }

  /** How many nodes the shared memory had when nothing was missing; 0 if that is not known. */
  int before() {
    CacheTopology stable =
        GlobalComponentRegistry.of(manager)
            .getComponent(LocalTopologyManager.class)
            .getStableCacheTopology(REQUESTS);
    return stable == null ? 0 : stable.getMembers().size();
  }

  /** Lets the shared memory be read and written again, on all nodes. */
  void open() {
    requests().setAvailability(AvailabilityMode.AVAILABLE);
  }

  /** Leaves the cluster. */
  @Override
  public void close() {
    manager.stop();
  }

  private AdvancedCache<byte[], byte[]> of(String name) {
    return manager.<byte[], byte[]>getCache(name).getAdvancedCache();
  }

  private static ConfigurationBuilder cache(CacheMode mode) {
    ConfigurationBuilder builder = new ConfigurationBuilder();
    builder.clustering().cacheMode(mode).hash().numOwners(OWNERS);
    builder.expiration().wakeUpInterval(5, TimeUnit.SECONDS);
    return builder;
  }

  /** Of what goes on in both parts of a cluster that has been cut. */
  private static ConfigurationBuilder survivor(CacheMode mode) {
    ConfigurationBuilder builder = cache(mode);
    builder
        .clustering()
        .partitionHandling()
        .whenSplit(PartitionHandling.ALLOW_READ_WRITES)
        .mergePolicy(MergePolicy.PREFERRED_NON_NULL);
    return builder;
  }

  private static ConfigurationBuilder bytes(ConfigurationBuilder builder) {
    builder.encoding().mediaType(MediaType.APPLICATION_OCTET_STREAM_TYPE);
    return builder;
  }

  /** Both ends of every connection show a certificate of the cluster's own authority. */
  private static SocketFactory sockets(ClusterConfig.Tls tls) throws IOException {
    JdkSslContext context =
        (JdkSslContext)
            SslContextBuilder.forServer(new File(tls.certificate()), new File(tls.key()))
                .sslProvider(SslProvider.JDK)
                .trustManager(new File(tls.authority()))
                .clientAuth(ClientAuth.REQUIRE)
                .build();
    return new TLS()
        .setSSLContext(context.context())
        .setProtocols(new String[] {"TLSv1.3"})
        .setClientAuth(TLSClientAuth.NEED)
        .createSocketFactory();
  }
}
