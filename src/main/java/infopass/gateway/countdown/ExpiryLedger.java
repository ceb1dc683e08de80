package infopass.gateway.countdown;

import infopass.gateway.bus.SessionEvent;
import infopass.gateway.bus.SessionEvent.Kind;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.SessionWatch;
import infopass.gateway.logging.LogLimit;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Knows when each session of one event loop ends, and tells of it: once when it begins, once when
 * it is about to end, once when it has ended, within a second of the moment. Sessions are kept by
 * the second of their end, packed, up to a limit. What it knows ends with the process; countdown
 * links do not need it. Belongs to one event loop.
 */
public final class ExpiryLedger implements SessionWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiryLedger.class);
  private static final LogLimit LIMIT = new LogLimit();
  private static final long SECOND_MILLIS = 1_000;

  /** Sessions told of in one go; then other work of the loop has its turn. */
  private static final int SLICE = 256;

  private final Vertx vertx;
  private final Clock clock;
  private final Duration expiringAt;
  private final WatchLimit limit;
  private final Consumer<SessionEvent> events;
  private final NavigableMap<Long, Bucket> buckets = new TreeMap<>();
  private final Deque<Round> rounds = new ArrayDeque<>();
  private boolean telling;

  /** A bucket that is being told of. */
  private record Round(Kind kind, Bucket bucket, Bucket.Cursor cursor, int sessions) {}

  /**
   * Call it on the event loop.
   *
   * @param limit how many sessions all ledgers of the process may watch; those beyond it are told
   *     of only when they begin
   * @param events is told, on this event loop
   */
  public ExpiryLedger(
      Vertx vertx,
      Clock clock,
      Duration expiringAt,
      WatchLimit limit,
      Consumer<SessionEvent> events) {
    this.vertx = vertx;
    this.clock = clock;
    this.expiringAt = expiringAt;
    this.limit = limit;
    this.events = events;
  }

  /** Starts its clock; it stops with the verticle that this is called in. */
  public ExpiryLedger start() {
    long delay = SECOND_MILLIS - Math.floorMod(clock.millis(), SECOND_MILLIS) + 1;
    vertx.setTimer(
        delay,
        fired -> {
          try {
            tick();
          } finally {
            start();
          }
        });
    return this;
  }

  @Override
  public void initiated(InitSession session, String correlationId, String caller) {
    long now = clock.millis();
    long end = session.expiry().expiresAt().getEpochSecond();
    Bucket.Session kept = new Bucket.Session(session.clientId(), correlationId, caller);
    tell(Kind.INITIATED, kept, end, now);
    if (!limit.tryEnter()) {
      return;
    }
    Bucket bucket = buckets.computeIfAbsent(end, Bucket::new);
    if (!bucket.add(kept.clientId(), correlationId, caller)) {
      limit.leave(1);
      return;
    }
    if (bucket.expiringTold()) {
      tell(Kind.EXPIRING, kept, end, now);
    }
  }

  /**
   * Goes on with a session that another ledger told of to begin with.
   *
   * @param endSeconds its end, in seconds since 1970
   * @param doubtSeconds what was to be told longer ago than this has been told
   */
  public void resume(
      String clientId, String correlationId, String caller, long endSeconds, long doubtSeconds) {
    if (!limit.tryEnter()) {
      return;
    }
    Bucket bucket = buckets.computeIfAbsent(endSeconds, Bucket::new);
    if (!bucket.add(clientId, correlationId, caller)) {
      limit.leave(1);
      return;
    }
    long now = clock.millis();
    boolean told = endSeconds - expiringAt.toSeconds() + doubtSeconds < now / 1000;
    if (bucket.expiringTold() && !told) {
      Bucket.Session late = new Bucket.Session(clientId, correlationId, caller);
      tell(Kind.EXPIRING, late, endSeconds, now);
    } else if (told) {
      bucket.expiringIsTold();
    }
  }

  /** Tells of everything whose moment has come. */
  void tick() {
    long now = clock.millis();
    for (Bucket bucket : buckets.headMap(now / 1000 + expiringAt.toSeconds() + 1, true).values()) {
      if (!bucket.expiringTold()
          && CountdownState.at(now, bucket.expiresAtSeconds(), expiringAt)
              != CountdownState.ACTIVE) {
        bucket.expiringIsTold();
        rounds.add(new Round(Kind.EXPIRING, bucket, new Bucket.Cursor(), bucket.size()));
      }
    }
    while (!buckets.isEmpty() && buckets.firstKey() * 1000 <= now) {
      Bucket ended = buckets.pollFirstEntry().getValue();
      rounds.add(new Round(Kind.EXPIRED, ended, new Bucket.Cursor(), ended.size()));
    }
    if (!telling) {
      tellSlice();
    }
  }

  /** Whether slices of the last tick are still to come. */
  boolean telling() {
    return telling;
  }

  private void tellSlice() {
    Round round = rounds.peek();
    telling = round != null;
    if (round == null) {
      return;
    }
    long now = clock.millis();
    Bucket bucket = round.bucket();
    bucket.read(
        round.cursor(),
        Math.min(SLICE, round.cursor().left(round.sessions())),
        session -> tell(round.kind(), session, bucket.expiresAtSeconds(), now));
    if (round.cursor().left(round.sessions()) == 0) {
      rounds.remove();
      if (round.kind() == Kind.EXPIRED) {
        limit.leave(round.sessions());
      }
    }
    telling = !rounds.isEmpty();
    if (telling) {
      vertx.runOnContext(next -> tellSlice());
    }
  }

  private void tell(Kind kind, Bucket.Session session, long endSeconds, long nowMillis) {
    long leftMillis = Countdown.leftMillis(nowMillis, endSeconds);
    SessionEvent event =
        new SessionEvent(
            kind,
            session.clientId(),
            session.correlationId(),
            session.caller(),
            CountdownState.at(nowMillis, endSeconds, expiringAt).word(),
            Instant.ofEpochSecond(endSeconds),
            Math.max(0, Math.floorDiv(leftMillis, 1000L)));
    try {
      events.accept(event);
    } catch (RuntimeException bug) {
      // One event that cannot be told must not keep the others from being told.
      LIMIT
          .line(LOG, Level.ERROR, bug.getClass())
          .addKeyValue("correlationId", session.correlationId())
          .setCause(bug)
          .log("unexpected failure");
    }
  }
}
