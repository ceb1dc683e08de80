package infopass.gateway.cluster;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the sessions of nodes that have gone, from the moment on at which that is known, for
 * half a minute: by then every batch has a node that it falls to. At least once: what a lost node
 * told in its last seconds can be told again. Belongs to one event loop, with {@link Heir} on it.
 */
final class Takeover {
  private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** What a lost node told for longer before is taken to have been told. */
  static final long IN_DOUBT_SECONDS = 10;

  private final Supplier<Set<String>> members;
  private final Estate estate;
  private final Consumer<Sessions.Session> keep;
  private final Heir heir;
  private final ClusterCounters counters;
  private final Executor threads;
  private final Executor own;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private volatile long until;
  private boolean looking;

  /** Keys of what is watched here and has not vanished yet. */
  private Set<ByteBuffer> taken = Set.of();

  /** Who watches a session from now on. */
  interface Heir {
    /**
     * @param endSeconds its end, in seconds since 1970
     * @param doubtSeconds what was to be told longer ago has been told
     */
    void watch(
        String clientId, String correlationId, String caller, long endSeconds, long doubtSeconds);
  }

  /** What the nodes know of each other's sessions. */
  interface Estate {
    /** Batches of nodes that are no members, as far as they fall to this node. Can block. */
    List<Sessions.Batch> orphans(Set<String> members);

    /** A batch is watched under another key now. */
    void forget(Sessions.Batch batch);
  }

  /**
   * @param members who is there now
   * @param keep lets the other nodes know of a session that is watched here
   * @param threads where reading can block
   * @param own the event loop that this belongs to
   */
  Takeover(
      Supplier<Set<String>> members,
      Estate estate,
      Consumer<Sessions.Session> keep,
      Heir heir,
      ClusterCounters counters,
      Executor threads,
      Executor own,
      Clock clock,
      LongSupplier nanoTime) {
    this.members = members;
    this.estate = estate;
    this.keep = keep;
    this.heir = heir;
    this.counters = counters;
    this.threads = threads;
    this.own = own;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.until = nanoTime.getAsLong();
  }

  /** Members came or went. From any thread. */
  void changed() {
    until = nanoTime.getAsLong() + LOOK_NANOS;
  }

  /** To be called on the event loop now and then. */
  void look() {
    if (looking || until - nanoTime.getAsLong() <= 0) {
      return;
    }
    looking = true;
    try {
      threads.execute(
          () -> {
            List<Sessions.Batch> found = orphans();
            own.execute(() -> take(found));
          });
    } catch (RejectedExecutionException full) {
      looking = false;
    }
  }

  /** Null where that cannot be told. */
  private List<Sessions.Batch> orphans() {
    try {
      return estate.orphans(members.get());
    } catch (RuntimeException e) {
      LOG.debug("the sessions of other nodes could not be read", e);
      return null;
    }
  }

  private void take(List<Sessions.Batch> orphans) {
    looking = false;
    if (orphans == null) {
      return;
    }
    Set<ByteBuffer> before = taken;
    taken = new HashSet<>();
    int sessions = 0;
    for (Sessions.Batch batch : orphans) {
      ByteBuffer key = ByteBuffer.wrap(batch.key());
      taken.add(key);
      if (before.contains(key)) {
        // A look later, when the other nodes have been told, and again where it is still there:
        // what
        // is lost in between is told twice, not never.
        estate.forget(batch);
      } else {
        sessions += watch(batch);
      }
    }
    if (sessions > 0) {
      counters.takenOver(sessions);
      LOG.atInfo().addKeyValue("sessions", sessions).log("taken over from a node that has gone");
    }
  }

  private int watch(Sessions.Batch batch) {
    int watched = 0;
    for (Sessions.Session session : batch.sessions()) {
      if (session.endSeconds() > clock.instant().getEpochSecond() - IN_DOUBT_SECONDS) {
        heir.watch(
            session.clientId(),
            session.correlationId(),
            session.caller(),
            session.endSeconds(),
            IN_DOUBT_SECONDS);
        keep.accept(session);
        watched++;
      }
    }
    return watched;
  }
}
