package infopass.gateway.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.infinispan.AdvancedCache;
import org.infinispan.context.Flag;
import org.infinispan.manager.EmbeddedCacheManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is there, and what each node tells of itself. Looks four times a second, at what Infinispan
 * keeps in this process, and tells of changes on one context. Reading is thread-safe.
 */
final class Roster {
  private static final Logger LOG = LoggerFactory.getLogger(Roster.class);
  private static final String GOODBYE = "infopass.gateway.goodbye";
  private static final long LOOK_MILLIS = 250;

  /** Of those that cannot be told within it, at most this node's share is sent too much. */
  private static final long GOODBYE_MILLIS = 1_000;

  private static final int LOOKS_A_SECOND = 4;
  private static final int LOOKS_AFTER_ARRIVAL = 8 * LOOKS_A_SECOND;
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Said again before it is forgotten; what a dead node said is forgotten by itself. */
  private static final long REPEAT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long FORGOTTEN_SECONDS = 30;

  private final EmbeddedCacheManager manager;
  private final AdvancedCache<byte[], byte[]> cache;
  private final Executor threads;
  private final Vertx vertx;
  private final Context context;
  private final LongSupplier nanoTime;
  private final String self;
  private final byte[] key;
  private final List<BiConsumer<Set<String>, Set<String>>> watchers = new CopyOnWriteArrayList<>();
  private final List<Runnable> looks = new CopyOnWriteArrayList<>();
  private volatile List<Node> nodes = List.of();
  private volatile Set<String> members = Set.of();
  private Supplier<Node> own;
  private byte[] told = {};
  private long toldAt;
  private long lookedAtOwn;
  private final Map<String, Read> read = new HashMap<>();
  private long timer = -1;

  Roster(DataGrid grid, Executor threads, Vertx vertx, LongSupplier nanoTime) {
    this.threads = threads;
    this.manager = grid.manager();
    this.cache = grid.nodes();
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.nanoTime = nanoTime;
    this.self = grid.self();
    this.key = bytes(self);
  }

  /** What a member has told, as it was read. */
  private record Read(byte[] bytes, Node node) {}

  /** This node. */
  String self() {
    return self;
  }

  /**
   * @param own what this node tells of itself now; called on the roster's context
   */
  void start(Supplier<Node> own) {
    this.own = own;
    this.toldAt = nanoTime.getAsLong() - TELL_NANOS;
    this.lookedAtOwn = toldAt;
    context.runOnContext(
        v -> {
          look();
          timer = vertx.setPeriodic(LOOK_MILLIS, fired -> look());
        });
  }

  /** Runs something at each look, on the roster's context. */
  void atEachLook(Runnable look) {
    looks.add(look);
  }

  /**
   * Runs something a few times after members came: when the parts of a cluster come together again,
   * what one of them kept can be lost for some seconds.
   */
  void afterArrivals(Runnable action) {
    int[] looksLeft = {0};
    onChange(
        (came, went) -> {
          if (!came.isEmpty()) {
            looksLeft[0] = LOOKS_AFTER_ARRIVAL;
          }
        });
    atEachLook(
        () -> {
          if (looksLeft[0] > 0 && --looksLeft[0] % LOOKS_A_SECOND == 0) {
            action.run();
            toldAt = nanoTime.getAsLong() - REPEAT_NANOS;
          }
        });
  }

  /** Tells which members came and which went, on the roster's context. */
  void onChange(BiConsumer<Set<String>, Set<String>> watcher) {
    watchers.add(watcher);
  }

  /** Every member that has told of itself, in the order of their names. */
  List<Node> nodes() {
    return nodes;
  }

  /** Every member. */
  Set<String> members() {
    return members;
  }

  boolean alive(String node) {
    return members.contains(node);
  }

  /** Tells what has changed of this node at once. */
  void tellNow() {
    context.runOnContext(v -> tell(true));
  }

  /** Is told which node leaves, how many of its calls count, and for how long. */
  interface Goodbye {
    void left(String node, int used, Duration per);
  }

  /** Tells of nodes that leave in order, on the roster's context. */
  void onGoodbye(Goodbye watcher) {
    context.runOnContext(
        v ->
            vertx
                .eventBus()
                .<JsonObject>consumer(
                    GOODBYE,
                    said ->
                        watcher.left(
                            said.body().getString("node"),
                            said.body().getInteger("used"),
                            Duration.ofMillis(said.body().getLong("perMillis")))));
  }

  /**
   * Tells the others that this node is about to leave; it looks no more.
   *
   * @param last how its calls stand; called on the roster's context
   */
  Future<Void> goodbye(Supplier<Node.Pace> last) {
    Promise<Void> said = Promise.promise();
    context.runOnContext(
        v -> {
          vertx.cancelTimer(timer);
          Node.Pace pace = last.get();
          JsonObject words =
              new JsonObject()
                  .put("node", self)
                  .put("used", pace.used())
                  .put("perMillis", pace.perMillis());
          vertx.eventBus().<JsonObject>publisher(GOODBYE).write(words).onComplete(said);
        });
    return said.future().timeout(GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      tell(false);
      Set<String> now = viewed();
      List<Node> there = new ArrayList<>(now.size());
      for (String member : now) {
        Node node = told(member);
        if (node != null) {
          there.add(node);
        }
      }
      Set<String> before = members;
      members = now;
      nodes = List.copyOf(there);
      if (!now.equals(before)) {
        Set<String> came = new TreeSet<>(now);
        came.removeAll(before);
        Set<String> went = new TreeSet<>(before);
        went.removeAll(now);
        read.keySet().removeAll(went);
        LOG.atInfo()
            .addKeyValue("members", now.size())
            .addKeyValue("came", came)
            .addKeyValue("went", went)
            .log("cluster");
        watchers.forEach(watcher -> watcher.accept(came, went));
      }
      looks.forEach(Runnable::run);
    } catch (RuntimeException e) {
      LOG.warn("the cluster could not be looked at", e);
    }
  }

  /** The members, in the order of their names. */
  private Set<String> viewed() {
    // Each time anew: the name of one that has just come may be known a moment later than it
    // itself.
    Set<String> names = new TreeSet<>();
    manager.getMembers().forEach(member -> names.add(member.toString()));
    return names.equals(members) ? members : names;
  }

  /**
   * What a member tells of itself; null where nothing is known. Read again only when it changed.
   */
  private Node told(String member) {
    byte[] value =
        member.equals(self) ? told : cache.withFlags(Flag.CACHE_MODE_LOCAL).get(bytes(member));
    if (value == null || value.length == 0) {
      return null;
    }
    Read known = read.get(member);
    if (known == null || !Arrays.equals(known.bytes(), value)) {
      known = new Read(value, Node.decoded(member, value));
      read.put(member, known);
    }
    return known.node();
  }

  private void tell(boolean atOnce) {
    long now = nanoTime.getAsLong();
    if (!atOnce && now - lookedAtOwn < TELL_NANOS) {
      return;
    }
    lookedAtOwn = now;
    byte[] value = own.get().encoded();
    if (!Arrays.equals(value, told) || now - toldAt >= REPEAT_NANOS) {
      told = value;
      toldAt = now;
      threads.execute(
          () ->
              cache
                  .withFlags(Flag.IGNORE_RETURN_VALUES)
                  .putAsync(key, value, FORGOTTEN_SECONDS, TimeUnit.SECONDS)
                  .exceptionally(
                      failed -> {
                        LOG.debug("could not tell the cluster of this node", failed);
                        return null;
                      }));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
