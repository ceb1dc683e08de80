package infopass.gateway.idempotency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.FakeClock;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.TokenExpiry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdempotencyStoreTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String DOCUMENT = "{\"token\":\"the-secret-token\"}";
  private static final byte[] BODY = bytes("{\"name\":\"Asha\"}");
  private static final byte[] OTHER_BODY = bytes("{\"name\":\"Ravi\"}");
  private static final IdempotencyKey KEY = key("k1");

  private final FakeClock clock = new FakeClock(START);
  private final IdempotencyStore store = new IdempotencyStore(1_000, clock);

  @Test
  void aRepetitionGetsTheLinkForAsLongAsItLives() {
    // Given
    first(store.begin("app", KEY, BODY)).finish(granted("c1", 600));

    // When
    clock.advance(Duration.ofSeconds(599));
    InitSession replayed = link(store.begin("app", KEY, BODY));

    // Then
    assertEquals("c1", replayed.clientId());
    assertArrayEquals(bytes(DOCUMENT), replayed.document().bytes());
    assertEquals(DOCUMENT.length() - 1, replayed.appendAt());
    assertEquals(1, replayed.expiry().remainingSeconds(clock.instant()));
    assertEquals(Duration.ZERO, replayed.partnerTime());

    // When
    clock.advance(Duration.ofSeconds(1));

    // Then
    first(store.begin("app", KEY, OTHER_BODY));
    assertEquals(0, store.snapshot().possibleDuplicates());
  }

  @Test
  void anotherBodyIsAMismatchWhileItRunsAndAfterwards() {
    // Given
    Begun.First first = first(store.begin("app", KEY, BODY));

    // Then
    assertInstanceOf(Begun.Mismatch.class, store.begin("app", KEY, OTHER_BODY));
    first.finish(granted("c1", 600));
    assertInstanceOf(Begun.Mismatch.class, store.begin("app", KEY, OTHER_BODY));
    assertEquals(2, store.snapshot().mismatches());
  }

  @Test
  void anotherCallerSharesNothing() {
    // Given
    first(store.begin("app", KEY, BODY)).finish(granted("c1", 600));

    // Then
    first(store.begin("ap", key("pk1"), BODY));
    first(store.begin("other", KEY, BODY));
    first(store.begin("app", key("k2"), BODY));
  }

  @Test
  void aFinalRefusalIsRepeatedForTenMinutes() {
    // Given
    InitOutcome refusal = denied(Problem.UPSTREAM_REJECTED, Outcome.REJECTED);
    first(store.begin("app", KEY, BODY)).finish(refusal);

    // Then
    Begun again = store.begin("app", KEY, BODY);
    assertEquals(refusal, assertInstanceOf(Begun.Replay.class, again).outcome());
    clock.advance(IdempotencyStore.FAILURES_KEPT);
    first(store.begin("app", KEY, BODY));
  }

  @Test
  void anUnknownOutcomeIsAskedAgainAndCounted() {
    // Given
    first(store.begin("app", KEY, BODY)).finish(denied(Problem.UPSTREAM_FAILED, Outcome.UNKNOWN));

    // Then
    assertInstanceOf(Begun.Mismatch.class, store.begin("app", KEY, OTHER_BODY));
    first(store.begin("app", KEY, BODY)).finish(granted("c1", 600));
    assertEquals(1, store.snapshot().possibleDuplicates());
  }

  @Test
  void anUnknownOutcomeStaysUnknownWhileItsRepetitionsAreNotSent() {
    // Given
    first(store.begin("app", KEY, BODY)).finish(denied(Problem.UPSTREAM_FAILED, Outcome.UNKNOWN));

    // When
    first(store.begin("app", KEY, BODY)).finish(denied(Problem.OVERLOADED, Outcome.NOT_SENT));
    assertEquals(0, store.snapshot().possibleDuplicates());
    first(store.begin("app", KEY, BODY)).finish(denied(Problem.UPSTREAM_BUSY, Outcome.REJECTED));

    // Then
    assertInstanceOf(Begun.Mismatch.class, store.begin("app", KEY, OTHER_BODY));
    assertEquals(1, store.snapshot().possibleDuplicates());
  }

  @ParameterizedTest
  @EnumSource(
      value = Problem.class,
      names = {
        "CIRCUIT_OPEN",
        "OVERLOADED",
        "UPSTREAM_BUSY",
        "UPSTREAM_UNREACHABLE",
        "QUOTA_EXCEEDED",
        "UNAUTHENTICATED",
        "UPSTREAM_CREDENTIALS"
      })
  void whatMayPassIsForgotten(Problem problem) {
    for (Outcome outcome : List.of(Outcome.NOT_SENT, Outcome.REJECTED)) {
      first(store.begin("app", KEY, BODY)).finish(denied(problem, outcome));
      first(store.begin("app", KEY, OTHER_BODY)).finish(denied(problem, outcome));
    }
    assertEquals(0, store.snapshot().possibleDuplicates());
    assertEquals(0, store.snapshot().stored());
  }

  @Test
  void whoeverJoinsGetsTheSameOutcomeAlsoAfterItHasEnded() {
    // Given
    Begun.First first = first(store.begin("app", KEY, BODY));
    List<InitOutcome> told = new ArrayList<>();
    Begun.Running early = assertInstanceOf(Begun.Running.class, store.begin("app", KEY, BODY));
    Begun.Running late = assertInstanceOf(Begun.Running.class, store.begin("app", KEY, BODY));
    early.join(told::add);
    InitOutcome outcome = granted("c1", 600);

    // When
    first.finish(outcome);
    late.join(told::add);

    // Then
    assertEquals(2, told.size());
    told.forEach(each -> assertSame(outcome, each));
    assertEquals(0, store.snapshot().running());
  }

  @Test
  void theCallIsTakenBackWhenTheLastOfThemHasLeft() {
    // Given
    Begun.First first = first(store.begin("app", KEY, BODY));
    Runnable leave =
        assertInstanceOf(Begun.Running.class, store.begin("app", KEY, BODY)).join(outcome -> {});

    // When
    first.leave();

    // Then
    assertFalse(first.presence().left());
    leave.run();
    leave.run();
    assertTrue(first.presence().left());
  }

  @Test
  void theStoreIsBoundedAndSaysWhatItForgot() {
    // Given
    IdempotencyStore small = new IdempotencyStore(10, clock);

    // When
    for (int i = 0; i < 100; i++) {
      first(small.begin("app", key("k" + i), BODY)).finish(granted("c" + i, 600));
    }

    // Then
    assertEquals(10, small.snapshot().stored());
    assertEquals(90, small.snapshot().displaced());
    for (int i = 90; i < 100; i++) {
      assertEquals("c" + i, link(small.begin("app", key("k" + i), BODY)).clientId());
    }
    first(small.begin("app", key("k89"), BODY));
  }

  @Test
  void whatHasEndedMakesRoomByItself() {
    // Given
    for (int i = 0; i < 100; i++) {
      first(store.begin("app", key("k" + i), BODY)).finish(granted("c" + i, 10));
    }

    // When
    clock.advance(Duration.ofSeconds(11));
    for (int i = 0; i < 40; i++) {
      first(store.begin("app", key("n" + i), BODY)).finish(granted("n" + i, 600));
    }

    // Then
    assertEquals(40, store.snapshot().stored());
    assertEquals(0, store.snapshot().displaced());
  }

  @Test
  void aThousandAtOnceMakeOneCall() throws Exception {
    // Given
    ExecutorService threads = Executors.newFixedThreadPool(16);
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger told = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1_000);
    CountDownLatch ended = new CountDownLatch(1_000);
    List<Begun.First> first = new ArrayList<>();

    // When
    for (int i = 0; i < 1_000; i++) {
      threads.execute(
          () -> {
            Begun one = store.begin("app", KEY, BODY);
            if (one instanceof Begun.First made) {
              calls.incrementAndGet();
              first.add(made);
              ended.countDown();
            } else if (one instanceof Begun.Running running) {
              running.join(
                  outcome -> {
                    told.incrementAndGet();
                    ended.countDown();
                  });
            }
            begun.countDown();
          });
    }
    assertTrue(begun.await(30, TimeUnit.SECONDS));
    first.get(0).finish(granted("c1", 600));

    // Then
    assertTrue(ended.await(30, TimeUnit.SECONDS));
    assertEquals(1, calls.get());
    assertEquals(999, told.get());
    threads.shutdownNow();
  }

  /** Random interleavings against the rules, kept in the simplest way. */
  @Test
  void nothingIsCalledTwiceWhateverTheOrder() {
    for (long seed = 0; seed < 200; seed++) {
      new Interleaving(seed).run();
    }
  }

  private static final class Interleaving {
    private final Random random;
    private final FakeClock clock = new FakeClock(START);
    private final IdempotencyStore store = new IdempotencyStore(10_000, clock);
    private final Map<String, Begun.First> running = new HashMap<>();
    private final Map<String, byte[]> bodies = new HashMap<>();
    private final Map<String, Instant> replayableUntil = new HashMap<>();
    private final Map<String, Instant> rememberedUntil = new HashMap<>();
    private final Map<String, Instant> suspectUntil = new HashMap<>();
    private final String seed;
    private int joined;
    private int told;

    Interleaving(long seed) {
      this.random = new Random(seed);
      this.seed = "seed " + seed;
    }

    void run() {
      for (int step = 0; step < 300; step++) {
        switch (random.nextInt(4)) {
          case 0 -> clock.advance(Duration.ofMillis(random.nextInt(20_000)));
          case 1 -> finishOne();
          default -> beginOne();
        }
      }
      while (!running.isEmpty()) {
        finishOne();
      }
      assertEquals(joined, told, seed);
    }

    private void beginOne() {
      String scope = "caller" + random.nextInt(2);
      String key = "key" + random.nextInt(3);
      String id = scope + key;
      byte[] body = random.nextInt(4) == 0 ? OTHER_BODY : BODY;
      Begun begun = store.begin(scope, key(key), body);
      Instant now = clock.instant();
      boolean remembered =
          running.containsKey(id) || now.isBefore(rememberedUntil.getOrDefault(id, Instant.MIN));
      if (remembered && bodies.get(id) != body) {
        assertInstanceOf(Begun.Mismatch.class, begun, seed);
      } else if (running.containsKey(id)) {
        joined++;
        assertInstanceOf(Begun.Running.class, begun, seed).join(outcome -> told++);
      } else if (now.isBefore(replayableUntil.getOrDefault(id, Instant.MIN))) {
        assertInstanceOf(Begun.Replay.class, begun, seed);
      } else {
        running.put(id, assertInstanceOf(Begun.First.class, begun, seed));
        suspectUntil.remove(id);
        if (remembered) {
          suspectUntil.put(id, rememberedUntil.get(id));
        }
        bodies.put(id, body);
      }
    }

    private void finishOne() {
      if (running.isEmpty()) {
        return;
      }
      List<String> ids = List.copyOf(running.keySet());
      String id = ids.get(random.nextInt(ids.size()));
      Instant now = clock.instant();
      Begun.First first = running.remove(id);
      replayableUntil.remove(id);
      rememberedUntil.remove(id);
      switch (random.nextInt(4)) {
        case 0 -> {
          first.finish(denied(Problem.OVERLOADED, Outcome.NOT_SENT));
          if (suspectUntil.containsKey(id)) {
            rememberedUntil.put(id, suspectUntil.get(id));
          }
        }
        case 1 -> {
          first.finish(denied(Problem.UPSTREAM_FAILED, Outcome.UNKNOWN));
          rememberedUntil.put(id, now.plus(IdempotencyStore.FAILURES_KEPT).minusSeconds(1));
        }
        case 2 -> {
          first.finish(denied(Problem.UPSTREAM_REJECTED, Outcome.REJECTED));
          rememberedUntil.put(id, now.plus(IdempotencyStore.FAILURES_KEPT).minusSeconds(1));
          replayableUntil.put(id, rememberedUntil.get(id));
        }
        default -> {
          int seconds = 5 + random.nextInt(60);
          InitOutcome.Granted granted = granted("c", seconds, now);
          first.finish(granted);
          rememberedUntil.put(id, granted.session().expiry().expiresAt().minusSeconds(1));
          replayableUntil.put(id, rememberedUntil.get(id));
        }
      }
      // The last instant is still inside.
      rememberedUntil.computeIfPresent(id, (same, until) -> until.plusNanos(1));
      replayableUntil.computeIfPresent(id, (same, until) -> until.plusNanos(1));
    }
  }

  private static Begun.First first(Begun begun) {
    return assertInstanceOf(Begun.First.class, begun);
  }

  private static InitSession link(Begun begun) {
    InitOutcome outcome = assertInstanceOf(Begun.Replay.class, begun).outcome();
    return assertInstanceOf(InitOutcome.Granted.class, outcome).session();
  }

  private static InitOutcome denied(Problem problem, Outcome outcome) {
    return new InitOutcome.Denied(InitFailure.of(problem, "no").withOutcome(outcome));
  }

  private InitOutcome granted(String clientId, int seconds) {
    return granted(clientId, seconds, clock.instant());
  }

  private static InitOutcome.Granted granted(String clientId, int seconds, Instant now) {
    return new InitOutcome.Granted(
        new InitSession(
            clientId,
            Payload.owning(bytes(DOCUMENT)),
            DOCUMENT.length() - 1,
            TokenExpiry.from(now, Duration.ofSeconds(seconds)),
            Duration.ofMillis(20)));
  }

  private static IdempotencyKey key(String text) {
    return IdempotencyKey.parse(List.of(text)).orElseThrow();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
