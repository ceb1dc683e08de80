package infopass.gateway.idempotency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.TokenExpiry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Two processes with one memory. */
class SharedRequestsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LEASE = Duration.ofSeconds(20);
  private static final byte[] SECRET = "secret of the cluster".getBytes(StandardCharsets.UTF_8);
  private static final byte[] BODY = "{\"name\":\"Test Kumar\"}".getBytes(StandardCharsets.UTF_8);
  private static final String DOCUMENT = "{\"token\":\"only-for-the-caller\"}";

  private final Map<ByteBuffer, byte[]> memory = new HashMap<>();
  private final Set<String> alive = new HashSet<>(Set.of("a", "b"));
  private Instant now = START;
  private boolean broken;

  private final IdempotencyStore a = store("a", false);
  private final IdempotencyStore b = store("b", false);

  private IdempotencyStore store(String node, boolean dispensable) {
    Clock clock =
        new Clock() {
          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return now;
          }
        };
    return new IdempotencyStore(100, clock, SECRET, new Fake(node, dispensable));
  }

  /** A map for all; what it is asked for it does at once, or fails. */
  private final class Fake implements SharedMemory {
    private final String node;
    private final boolean dispensable;

    private Fake(String node, boolean dispensable) {
      this.node = node;
      this.dispensable = dispensable;
    }

    @Override
    public String self() {
      return node;
    }

    @Override
    public boolean alive(String other) {
      return alive.contains(other);
    }

    @Override
    public boolean dispensable() {
      return dispensable;
    }

    @Override
    public CompletionStage<byte[]> putIfAbsent(byte[] key, byte[] value, Duration lifespan) {
      return broken
          ? CompletableFuture.failedFuture(new IllegalStateException("cut"))
          : CompletableFuture.completedFuture(memory.putIfAbsent(ByteBuffer.wrap(key), value));
    }

    @Override
    public CompletionStage<Boolean> replace(
        byte[] key, byte[] old, byte[] value, Duration lifespan) {
      boolean there = Arrays.equals(memory.get(ByteBuffer.wrap(key)), old);
      if (there) {
        memory.put(ByteBuffer.wrap(key), value);
      }
      return CompletableFuture.completedFuture(there);
    }

    @Override
    public CompletionStage<Boolean> remove(byte[] key, byte[] value) {
      boolean there = Arrays.equals(memory.get(ByteBuffer.wrap(key)), value);
      if (there) {
        memory.remove(ByteBuffer.wrap(key));
      }
      return CompletableFuture.completedFuture(there);
    }

    @Override
    public CompletionStage<Void> ended(String other, byte[] key, Duration patience) {
      CompletableFuture<Void> ended = new CompletableFuture<>();
      (other.equals("a") ? a : b).whenEnded(key, () -> ended.complete(null));
      return ended;
    }
  }

  private static Begun.First first(IdempotencyStore store) {
    return (Begun.First)
        store.begin("caller", IdempotencyKey.parse(List.of("key")).orElseThrow(), BODY);
  }

  private static Claim claim(Begun.First first) {
    return first.claim(LEASE).toCompletableFuture().join();
  }

  private static InitOutcome granted(Instant from) {
    return new InitOutcome.Granted(
        new InitSession(
            "digilocker_1",
            Payload.owning(DOCUMENT.getBytes(StandardCharsets.UTF_8)),
            DOCUMENT.length() - 1,
            TokenExpiry.from(from, Duration.ofMinutes(10)),
            Duration.ofMillis(20)));
  }

  private static InitOutcome denied(Problem problem, Outcome outcome) {
    return new InitOutcome.Denied(InitFailure.of(problem, "words").withOutcome(outcome));
  }

  @Test
  void theAnswerOfOneIsThatOfTheOther() {
    // Given
    Begun.First here = first(a);
    assertInstanceOf(Claim.Mine.class, claim(here));
    here.finish(granted(now));

    // When
    Claim there = claim(first(b));

    // Then
    InitOutcome.Granted same =
        (InitOutcome.Granted) assertInstanceOf(Claim.Answered.class, there).outcome();
    assertEquals(DOCUMENT, new String(same.session().document().bytes(), StandardCharsets.UTF_8));
    assertEquals(START.plusSeconds(600), same.session().expiry().expiresAt());
  }

  @Test
  void whatIsKeptShowsNeitherTokenNorKey() {
    // When
    Begun.First here = first(a);
    claim(here);
    here.finish(granted(now));

    // Then
    memory.forEach(
        (key, value) -> {
          String all = new String(key.array(), StandardCharsets.ISO_8859_1);
          assertFalse(all.contains("key") || all.contains("caller"));
          assertFalse(
              new String(value, StandardCharsets.ISO_8859_1).contains("only-for-the-caller"));
        });
  }

  @Test
  void aCallThatRunsThereIsWaitedForHere() {
    // Given
    Begun.First here = first(a);
    claim(here);
    Begun.First other = first(b);
    Claim.Elsewhere there = assertInstanceOf(Claim.Elsewhere.class, claim(other));
    CompletableFuture<Void> ended = there.ended().apply(LEASE).toCompletableFuture();
    assertFalse(ended.isDone());

    // When
    here.finish(granted(now));

    // Then
    assertTrue(ended.isDone());
    assertInstanceOf(Claim.Answered.class, claim(other));
  }

  @Test
  void aKeyOfAnotherBodyDoesNotFit() {
    // Given
    claim(first(a));

    // When
    Begun.First other =
        (Begun.First)
            b.begin("caller", IdempotencyKey.parse(List.of("key")).orElseThrow(), new byte[] {1});

    // Then
    assertInstanceOf(Claim.Mismatch.class, claim(other));
  }

  @Test
  void theCallOfALostProcessIsMadeAgainOnceItsTimeIsOverAndCounted() {
    // Given
    claim(first(a));
    alive.remove("a");
    Begun.First other = first(b);

    // When
    Claim early = claim(other);
    now = START.plus(LEASE).plus(Claims.CLOCKS).plusMillis(1);
    Claim late = claim(other);

    // Then
    assertInstanceOf(Claim.Elsewhere.class, early);
    assertInstanceOf(Claim.Mine.class, late);
    other.finish(denied(Problem.UPSTREAM_FAILED, Outcome.UNKNOWN));
    assertEquals(1, b.snapshot().possibleDuplicates());
  }

  @Test
  void anUnknownFateMakesTheNextACallThatIsCountedOnce() {
    // Given
    Begun.First here = first(a);
    claim(here);
    here.finish(denied(Problem.UPSTREAM_FAILED, Outcome.UNKNOWN));

    // When
    Begun.First notSent = first(b);
    assertInstanceOf(Claim.Mine.class, claim(notSent));
    notSent.finish(denied(Problem.CIRCUIT_OPEN, Outcome.NOT_SENT));
    Begun.First there = first(b);
    assertInstanceOf(Claim.Mine.class, claim(there));
    there.finish(denied(Problem.UPSTREAM_FAILED, Outcome.UNKNOWN));

    // Then
    assertEquals(1, b.snapshot().possibleDuplicates());
  }

  @Test
  void whatWasNotSentIsForgottenAndWhatWasRefusedIsNot() {
    // Given
    Begun.First here = first(a);
    claim(here);
    here.finish(denied(Problem.CIRCUIT_OPEN, Outcome.NOT_SENT));
    assertEquals(0, memory.size());

    // When
    Begun.First again = first(b);
    assertInstanceOf(Claim.Mine.class, claim(again));
    again.finish(denied(Problem.UPSTREAM_REJECTED, Outcome.REJECTED));

    // Then
    Claim.Answered refusal = assertInstanceOf(Claim.Answered.class, claim(first(a)));
    assertEquals(
        Problem.UPSTREAM_REJECTED, ((InitOutcome.Denied) refusal.outcome()).failure().problem());
    assertEquals(0, a.snapshot().possibleDuplicates());
  }

  @Test
  void aMemoryThatFailsRefusesOrIsDoneWithout() {
    // Given
    broken = true;
    IdempotencyStore open = store("c", true);

    // When
    Claim closed = claim(first(a));
    Claim without = claim(first(open));

    // Then
    assertInstanceOf(Claim.Unavailable.class, closed);
    assertInstanceOf(Claim.Mine.class, without);
  }

  @Test
  void aLinkOfWhichNothingIsLeftIsMadeAnew() {
    // Given
    Begun.First here = first(a);
    claim(here);
    here.finish(granted(now));
    now = START.plusSeconds(600);

    // When
    Claim there = claim(first(b));

    // Then
    assertInstanceOf(Claim.Mine.class, there);
    assertEquals(0, b.snapshot().possibleDuplicates());
  }

  @Test
  void aProcessAloneAsksNobody() {
    Begun.First first = first(new IdempotencyStore(10, Clock.fixed(START, ZoneOffset.UTC)));
    assertFalse(first.shared());
    assertNull(first.claims());
    assertNotNull(first.presence());
  }
}
