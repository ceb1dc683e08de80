package infopass.gateway.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.infinispan.AdvancedCache;
import org.infinispan.context.Flag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which sessions are watched by which node: ids only, no token, link or personal data. Kept on two
 * nodes, until a little after the last of a batch has ended. Thread-safe.
 */
final class Sessions implements Takeover.Estate {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  private static final long AFTER_SECONDS = 30;
  private static final char SEPARATOR = '/';

  private final AdvancedCache<byte[], byte[]> cache;
  private final Executor threads;
  private final String self;
  private final ClusterCounters counters;
  private final AtomicLong batches = new AtomicLong();

  /**
   * A session that is watched.
   *
   * @param endSeconds its end, in seconds since 1970
   */
  record Session(String clientId, String correlationId, String caller, long endSeconds) {}

  /** A batch of a node. */
  record Batch(byte[] key, String node, List<Session> sessions) {}

  Sessions(
      AdvancedCache<byte[], byte[]> cache,
      Executor threads,
      String self,
      ClusterCounters counters) {
    this.counters = counters;
    this.cache = cache;
    this.threads = threads;
    this.self = self;
  }

  /** Keeps a batch of this node's; one that cannot be kept is given up. */
  void keep(SessionBatch batch, Instant now) {
    long lifespan = batch.lastEndSeconds() - now.getEpochSecond() + AFTER_SECONDS;
    if (lifespan <= 0) {
      return;
    }
    byte[] bytes = batch.bytes();
    try {
      threads.execute(
          () ->
              cache
                  .withFlags(Flag.IGNORE_RETURN_VALUES)
                  .putAsync(key(self, batches.incrementAndGet()), bytes, lifespan, TimeUnit.SECONDS)
                  .thenAccept(put -> counters.told(batch.size()))
                  .exceptionally(Sessions::lost));
    } catch (RejectedExecutionException full) {
      lost(full);
    }
  }

  /**
   * Batches that nobody watches any more and that it falls to this node to take over. Reads what is
   * in this process only; not for an event loop.
   */
  @Override
  public List<Batch> orphans(Set<String> members) {
    List<Batch> orphans = new ArrayList<>();
    var topology = cache.getDistributionManager().getCacheTopology();
    cache
        .withFlags(Flag.CACHE_MODE_LOCAL)
        .entrySet()
        .forEach(
            entry -> {
              String node = nodeOf(entry.getKey());
              Object stored = cache.getKeyDataConversion().toStorage(entry.getKey());
              // What a node of another version wrote is left alone, not forgotten.
              if (!members.contains(node)
                  && SessionBatch.readable(entry.getValue())
                  && topology.getDistribution(stored).isPrimary()) {
                orphans.add(new Batch(entry.getKey(), node, SessionBatch.read(entry.getValue())));
              }
            });
    return orphans;
  }

  /** A batch is watched under another key now. */
  @Override
  public void forget(Batch batch) {
    try {
      threads.execute(() -> cache.removeAsync(batch.key()).exceptionally(Sessions::lost));
    } catch (RejectedExecutionException full) {
      lost(full);
    }
  }

  private static <T> T lost(Throwable failed) {
    LOG.debug("a batch of sessions could not be told to other nodes", failed);
    return null;
  }

  private static byte[] key(String node, long batch) {
    return (node + SEPARATOR + batch).getBytes(StandardCharsets.UTF_8);
  }

  private static String nodeOf(byte[] key) {
    String text = new String(key, StandardCharsets.UTF_8);
    return text.substring(0, text.lastIndexOf(SEPARATOR));
  }
}
