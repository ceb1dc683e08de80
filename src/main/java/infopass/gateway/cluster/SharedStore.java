package infopass.gateway.cluster;

import infopass.gateway.cluster.ClusterConfig.StoreFailure;
import infopass.gateway.idempotency.IdempotencyStore;
import infopass.gateway.idempotency.SharedMemory;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.infinispan.AdvancedCache;
import org.infinispan.context.Flag;
import org.infinispan.partitionhandling.AvailabilityException;
import org.infinispan.partitionhandling.AvailabilityMode;

/**
 * What nodes know of requests with a key: on two of them each, bytes only, for as long as it holds.
 * In the smaller part of a cluster that has been cut nothing is read or written. Thread-safe.
 */
final class SharedStore implements SharedMemory {
  private static final String ENDED = "infopass.gateway.ended.";

  /** Then it is looked again: the other node may be gone. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final AdvancedCache<byte[], byte[]> cache;
  private final Executor threads;
  private final Vertx vertx;
  private final Roster roster;
  private final Duration timeout;
  private final boolean dispensable;
  private final StoreMeter meter;
  private final LongSupplier nanoTime;

  SharedStore(
      AdvancedCache<byte[], byte[]> cache,
      Executor threads,
      Vertx vertx,
      Roster roster,
      ClusterConfig config,
      StoreMeter meter,
      LongSupplier nanoTime) {
    this.cache = cache;
    this.threads = threads;
    this.vertx = vertx;
    this.roster = roster;
    this.timeout = config.storeTimeout();
    this.dispensable = config.storeFailure() == StoreFailure.OPEN;
    this.meter = meter;
    this.nanoTime = nanoTime;
  }

  /** Lets the other nodes wait for calls that are made here. */
  void serve(IdempotencyStore store) {
    vertx
        .eventBus()
        .<Buffer>consumer(
            ENDED + self(),
            asked -> store.whenEnded(asked.body().getBytes(), () -> asked.reply(true)));
  }

  @Override
  public String self() {
    return roster.self();
  }

  @Override
  public boolean alive(String node) {
    return roster.alive(node);
  }

  @Override
  public boolean dispensable() {
    return dispensable;
  }

  @Override
  public CompletionStage<byte[]> putIfAbsent(byte[] key, byte[] value, Duration lifespan) {
    CompletableFuture<byte[]> put = new CompletableFuture<>();
    CompletionStage<byte[]> timed =
        timed(
            () ->
                whole()
                    .putIfAbsentAsync(key, value, lifespan.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete(
                        (there, failed) -> {
                          if (failed == null && there == null && put.isDone() && !dispensable) {
                            // Too late: the request was refused, and must not look like running.
                            remove(key, value);
                          }
                        }));
    timed.whenComplete(
        (there, failed) -> {
          if (failed == null) {
            put.complete(there);
          } else {
            put.completeExceptionally(failed);
          }
        });
    return put;
  }

  /**
   * A part of a cluster can still use keys whose nodes are all in it, and so could the other part,
   * once it has been opened without them: neither may.
   */
  private AdvancedCache<byte[], byte[]> whole() {
    if (cache.getAvailability() != AvailabilityMode.AVAILABLE) {
      throw new AvailabilityException();
    }
    return cache;
  }

  @Override
  public CompletionStage<Boolean> replace(byte[] key, byte[] old, byte[] value, Duration lifespan) {
    return timed(
        () -> cache.replaceAsync(key, old, value, lifespan.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public CompletionStage<Boolean> remove(byte[] key, byte[] value) {
    return timed(() -> cache.withFlags(Flag.SKIP_CACHE_LOAD).removeAsync(key, value));
  }

  @Override
  public CompletionStage<Void> ended(String node, byte[] key, Duration patience) {
    Duration wait = patience.compareTo(LONGEST_WAIT) < 0 ? patience : LONGEST_WAIT;
    DeliveryOptions options = new DeliveryOptions().setSendTimeout(Math.max(1, wait.toMillis()));
    return vertx
        .eventBus()
        .request(ENDED + node, Buffer.buffer(key), options)
        .<Void>mapEmpty()
        .toCompletionStage();
  }

  private <T> CompletionStage<T> timed(Supplier<CompletableFuture<T>> operation) {
    long begun = nanoTime.getAsLong();
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      threads.execute(() -> begin(operation, answer));
    } catch (RejectedExecutionException full) {
      answer.completeExceptionally(full);
    }
    return answer
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete(
            (result, failed) -> meter.ended(outcome(failed), nanoTime.getAsLong() - begun));
  }

  private static <T> void begin(
      Supplier<CompletableFuture<T>> operation, CompletableFuture<T> answer) {
    try {
      operation
          .get()
          .whenComplete(
              (result, failed) -> {
                if (failed == null) {
                  answer.complete(result);
                } else {
                  answer.completeExceptionally(failed);
                }
              });
    } catch (RuntimeException notAvailable) {
      answer.completeExceptionally(notAvailable);
    }
  }

  private static StoreMeter.Outcome outcome(Throwable failed) {
    if (failed == null) {
      return StoreMeter.Outcome.ANSWERED;
    }
    return failed instanceof TimeoutException ? StoreMeter.Outcome.LATE : StoreMeter.Outcome.FAILED;
  }
}
