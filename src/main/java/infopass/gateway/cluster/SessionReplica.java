package infopass.gateway.cluster;

import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.SessionWatch;
import io.vertx.core.Vertx;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets other nodes know which sessions this event loop watches, a batch at a time, without waiting:
 * should this process be lost, what it knew for less than a moment is lost with it. Belongs to one
 * event loop.
 */
final class SessionReplica implements SessionWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SessionReplica.class);
  private static final int MAX_BATCH = 512;
  private static final long MOMENT_MILLIS = 100;

  private final SessionWatch own;
  private final Sessions sessions;
  private final Vertx vertx;
  private final Clock clock;
  private SessionBatch batch = new SessionBatch();

  SessionReplica(SessionWatch own, Sessions sessions, Vertx vertx, Clock clock) {
    this.own = own;
    this.sessions = sessions;
    this.vertx = vertx;
    this.clock = clock;
  }

  @Override
  public void initiated(InitSession session, String correlationId, String caller) {
    own.initiated(session, correlationId, caller);
    add(
        new Sessions.Session(
            session.clientId(),
            correlationId,
            caller,
            session.expiry().expiresAt().getEpochSecond()));
  }

  /** Another session that is watched here. */
  void add(Sessions.Session session) {
    if (!batch.add(session)) {
      LOG.debug("a session that is too long for a batch is not told to other nodes");
      return;
    }
    if (batch.size() >= MAX_BATCH) {
      send();
    } else if (batch.size() == 1) {
      SessionBatch begun = batch;
      vertx.setTimer(
          MOMENT_MILLIS,
          over -> {
            if (begun == batch) {
              send();
            }
          });
    }
  }

  private void send() {
    SessionBatch full = batch;
    batch = new SessionBatch();
    sessions.keep(full, clock.instant());
  }
}
