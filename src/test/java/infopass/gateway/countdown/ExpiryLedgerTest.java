package infopass.gateway.countdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.FakeClock;
import infopass.gateway.RunningGateway;
import infopass.gateway.bus.SessionEvent;
import infopass.gateway.bus.SessionEvent.Kind;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.TokenExpiry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExpiryLedgerTest {
  private static final Duration EXPIRING_AT = Duration.ofSeconds(60);

  private final FakeClock clock = new FakeClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<SessionEvent> events = new ArrayList<>();
  private Vertx vertx;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void close() {
    RunningGateway.await(vertx.close());
  }

  private ExpiryLedger ledger(WatchLimit limit) {
    return new ExpiryLedger(vertx, clock, EXPIRING_AT, limit, events::add);
  }

  private static InitSession session(String clientId, Instant end) {
    return new InitSession(
        clientId,
        Payload.owning(new byte[] {'{', '}'}),
        1,
        new TokenExpiry(end.minusSeconds(600), end),
        Duration.ZERO);
  }

  /** Ticks, and waits until the slices that this began are over. */
  private void tick(ExpiryLedger ledger, WatchLimit limit) {
    Promise<Void> over = Promise.promise();
    vertx.runOnContext(
        v -> {
          ledger.tick();
          settle(ledger, over);
        });
    RunningGateway.await(over.future());
  }

  private void settle(ExpiryLedger ledger, Promise<Void> over) {
    if (ledger.telling()) {
      vertx.runOnContext(v -> settle(ledger, over));
    } else {
      over.complete();
    }
  }

  @Test
  void tellsOfTheBeginningTheNearEndAndTheEndOnceEach() {
    // Given
    WatchLimit limit = new WatchLimit(10);
    ExpiryLedger ledger = ledger(limit);
    ledger.initiated(session("a", clock.instant().plusSeconds(600)), "c-1", "tenant");

    // When
    for (int second = 0; second < 620; second++) {
      clock.advance(Duration.ofSeconds(1));
      tick(ledger, limit);
    }

    // Then
    assertEquals(
        List.of(Kind.INITIATED, Kind.EXPIRING, Kind.EXPIRED),
        events.stream().map(SessionEvent::kind).toList());
    assertEquals(
        List.of("active", "expiring", "expired"),
        events.stream().map(SessionEvent::state).toList());
    assertEquals(
        List.of(600L, 60L, 0L), events.stream().map(SessionEvent::remainingSeconds).toList());
    assertTrue(events.stream().allMatch(e -> e.correlationId().equals("c-1")));
    assertEquals(0, limit.watched());
  }

  @Test
  void aSessionThatBeginsInItsLastMinuteIsToldOfAsExpiringToo() {
    // Given
    WatchLimit limit = new WatchLimit(10);
    ExpiryLedger ledger = ledger(limit);
    Instant end = clock.instant().plusSeconds(5);

    // When
    ledger.initiated(session("a", end), "c-1", "tenant");
    tick(ledger, limit);
    ledger.initiated(session("b", end), "c-2", "tenant");
    clock.advance(Duration.ofSeconds(5));
    tick(ledger, limit);

    // Then
    Map<String, List<Kind>> byClient = byClient();
    List<Kind> all = List.of(Kind.INITIATED, Kind.EXPIRING, Kind.EXPIRED);
    assertEquals(Map.of("a", all, "b", all), byClient);
  }

  @Test
  void sessionsBeyondTheLimitAreToldOfOnlyWhenTheyBegin() {
    // Given
    WatchLimit limit = new WatchLimit(1);
    ExpiryLedger ledger = ledger(limit);
    Instant end = clock.instant().plusSeconds(5);

    // When
    ledger.initiated(session("a", end), "c-1", "tenant");
    ledger.initiated(session("b", end), "c-2", "tenant");
    clock.advance(Duration.ofSeconds(10));
    tick(ledger, limit);
    ledger.initiated(session("c", clock.instant().plusSeconds(5)), "c-3", "tenant");

    // Then
    assertEquals(List.of(Kind.INITIATED), byClient().get("b"));
    assertEquals(1, limit.watched());
  }

  @Test
  void noEventIsLostOrDoubledOverRandomLifetimesAndALoopThatStalls() {
    // Given
    Random random = new Random(20260101);
    WatchLimit limit = new WatchLimit(1_000_000);
    ExpiryLedger ledger = ledger(limit);
    Map<String, Instant> ends = new HashMap<>();
    int count = 0;

    // When
    for (int step = 0; step < 900; step++) {
      for (int i = random.nextInt(40); i > 0 && step < 500; i--) {
        String clientId = "digilocker_" + "x".repeat(random.nextInt(200)) + count++;
        Instant end = Instant.ofEpochSecond(clock.instant().getEpochSecond() + random.nextInt(300));
        ends.put(clientId, end);
        ledger.initiated(session(clientId, end), "c", "tenant-" + random.nextInt(5));
      }
      boolean stalls = random.nextInt(20) == 0;
      clock.advance(Duration.ofMillis(stalls ? random.nextInt(30_000) : 1_000));
      tick(ledger, limit);
    }

    // Then
    List<Kind> all = List.of(Kind.INITIATED, Kind.EXPIRING, Kind.EXPIRED);
    Map<String, List<Kind>> byClient = byClient();
    assertEquals(ends.keySet(), byClient.keySet());
    byClient.forEach((clientId, kinds) -> assertEquals(all, kinds, clientId));
    events.forEach(event -> assertEquals(ends.get(event.clientId()), event.expiresAt()));
    assertEquals(0, limit.watched());
  }

  @Test
  void itsOwnClockTellsOfTheEndWithinASecond() {
    // Given
    Promise<Instant> told = Promise.promise();
    Instant end = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 2);

    // When
    vertx.runOnContext(
        v -> {
          ExpiryLedger ledger =
              new ExpiryLedger(
                  vertx,
                  Clock.systemUTC(),
                  EXPIRING_AT,
                  new WatchLimit(1),
                  event -> {
                    if (event.kind() == Kind.EXPIRED) {
                      told.complete(Instant.now());
                    }
                  });
          ledger.start().initiated(session("a", end), "c", "tenant");
        });

    // Then
    Instant at = RunningGateway.await(told.future());
    assertTrue(!at.isBefore(end), at + " is before " + end);
    assertTrue(at.isBefore(end.plusSeconds(1)), at + " is late for " + end);
  }

  private Map<String, List<Kind>> byClient() {
    Map<String, List<Kind>> byClient = new HashMap<>();
    events.forEach(
        event ->
            byClient.computeIfAbsent(event.clientId(), id -> new ArrayList<>()).add(event.kind()));
    return byClient;
  }
}
