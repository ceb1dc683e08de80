package infopass.gateway.cluster;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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

  private final Roster roster;
  private final Sessions sessions;
  private final SessionReplica replica;
  private final Heir heir;
  private final ClusterCounters counters;
  private final Vertx vertx;
  private final Executor threads;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private volatile long until;
  private volatile boolean looking;

  /** Who watches a session from now on. */
  interface Heir {
    /**
     * @param endSeconds its end, in seconds since 1970
     * @param doubtSeconds what was to be told longer ago has been told
     */
    void watch(
        String clientId, String correlationId, String caller, long endSeconds, long doubtSeconds);
  }

  Takeover(
      Roster roster,
      Sessions sessions,
      SessionReplica replica,
      Heir heir,
      ClusterCounters counters,
      Vertx vertx,
      Executor threads,
      Clock clock,
      LongSupplier nanoTime) {
    this.roster = roster;
    this.sessions = sessions;
    this.replica = replica;
    this.heir = heir;
    this.counters = counters;
    this.vertx = vertx;
    this.threads = threads;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.until = nanoTime.getAsLong();
  }

  /** Call it on the event loop. */
  void start(long everyMillis) {
    roster.onChange((came, went) -> until = nanoTime.getAsLong() + LOOK_NANOS);
    vertx.setPeriodic(
        everyMillis,
        fired -> {
          if (!looking && until - nanoTime.getAsLong() > 0) {
            look();
          }
        });
  }

  private void look() {
    looking = true;
    Context own = vertx.getOrCreateContext();
    try {
      threads.execute(
          () -> {
            List<Sessions.Batch> found = orphans();
            own.runOnContext(v -> take(found));
          });
    } catch (RejectedExecutionException full) {
      looking = false;
    }
  }

  private List<Sessions.Batch> orphans() {
    try {
      return sessions.orphans(roster.members());
    } catch (RuntimeException e) {
      LOG.debug("the sessions of other nodes could not be read", e);
      return List.of();
    }
  }

  private void take(List<Sessions.Batch> orphans) {
    int taken = 0;
    for (Sessions.Batch batch : orphans) {
      for (Sessions.Session session : batch.sessions()) {
        if (session.endSeconds() > clock.instant().getEpochSecond() - IN_DOUBT_SECONDS) {
          heir.watch(
              session.clientId(),
              session.correlationId(),
              session.caller(),
              session.endSeconds(),
              IN_DOUBT_SECONDS);
          replica.add(session);
          taken++;
        }
      }
      sessions.forget(batch);
    }
    if (taken > 0) {
      counters.takenOver(taken);
      LOG.atInfo().addKeyValue("sessions", taken).log("taken over from a node that has gone");
    }
    looking = false;
  }
}
