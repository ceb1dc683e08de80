package infopass.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.RunningGateway;
import infopass.gateway.callers.Caller;
import infopass.gateway.callers.RedirectHosts;
import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.TokenExpiry;
import infopass.gateway.digilocker.TraceParent;
import infopass.gateway.idempotency.IdempotencyKey;
import infopass.gateway.idempotency.IdempotencyStore;
import infopass.gateway.idempotency.SharedMemory;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests with a key where other processes share what is known of them. */
class DuplicatesTest {
  private static final byte[] BODY = "{\"name\":\"Test Kumar\"}".getBytes(StandardCharsets.UTF_8);

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Slow memory = new Slow();
  private final Duplicates duplicates =
      new Duplicates(
          new IdempotencyStore(10, Clock.fixed(now, ZoneOffset.UTC), BODY, memory), vertx, () -> 0);

  @AfterEach
  void close() {
    RunningGateway.await(vertx.close());
  }

  /** Takes claims at once, and outcomes when the test says so. */
  private static final class Slow implements SharedMemory {
    private final Promise<Void> asked = Promise.promise();
    private final CompletableFuture<Boolean> replaced = new CompletableFuture<>();

    @Override
    public String self() {
      return "a";
    }

    @Override
    public boolean alive(String node) {
      return true;
    }

    @Override
    public boolean dispensable() {
      return false;
    }

    @Override
    public CompletionStage<byte[]> putIfAbsent(byte[] key, byte[] value, Duration lifespan) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Boolean> replace(
        byte[] key, byte[] old, byte[] value, Duration lifespan) {
      asked.complete();
      return replaced;
    }

    @Override
    public CompletionStage<Boolean> remove(byte[] key, byte[] value) {
      return CompletableFuture.failedFuture(new AssertionError("it is to be kept"));
    }

    @Override
    public CompletionStage<Void> ended(String node, byte[] key, Duration patience) {
      return CompletableFuture.failedFuture(new AssertionError("nobody else is at it"));
    }
  }

  private Future<InitResult> once(Duration left) {
    return once(left, false, Future.succeededFuture(granted()));
  }

  private Future<InitResult> once(Duration left, boolean joins, Future<InitOutcome> call) {
    Caller caller =
        new Caller(
            "caller", "scope", "Basic eDp5", true, new RedirectHosts(List.of()), Optional.empty());
    InitDesk.Request request =
        new InitDesk.Request(
            "id",
            caller,
            TraceParent.start(new Random(1)),
            BODY,
            new Deadline(left.toNanos()),
            new CallerPresence(),
            IdempotencyKey.parse(List.of("key")),
            joins,
            null);
    Promise<InitResult> result = Promise.promise();
    context.runOnContext(
        on -> duplicates.once(request, (presence, deadline) -> call).onComplete(result));
    return result.future();
  }

  private InitOutcome granted() {
    return new InitOutcome.Granted(
        new InitSession(
            "digilocker_1",
            Payload.owning(BODY),
            BODY.length - 1,
            TokenExpiry.from(now, Duration.ofMinutes(10)),
            Duration.ofMillis(20)));
  }

  /** Lets the event loop do what it has to do by now. */
  private void turns() {
    for (int i = 0; i < 10; i++) {
      Promise<Void> turn = Promise.promise();
      context.runOnContext(on -> turn.complete());
      RunningGateway.await(turn.future());
    }
  }

  @Test
  void anAnswerIsGivenWhenTheOthersCanSeeIt() {
    // Given
    Future<InitResult> result = once(Duration.ofMinutes(10));
    RunningGateway.await(memory.asked.future());
    turns();
    assertFalse(result.isComplete(), "a repetition elsewhere would be told that it still runs");

    // When
    memory.replaced.complete(true);

    // Then
    assertInstanceOf(InitOutcome.Granted.class, RunningGateway.await(result).outcome());
  }

  @Test
  void whoJoinedIsAnsweredWhenTheOthersCanSeeItToo() {
    // Given
    Promise<InitOutcome> call = Promise.promise();
    Future<InitResult> first = once(Duration.ofMinutes(10), false, call.future());
    Future<InitResult> joined =
        once(Duration.ofMinutes(10), true, Future.failedFuture("only one call is made"));
    turns();

    // When
    call.complete(granted());
    RunningGateway.await(memory.asked.future());
    turns();
    assertFalse(joined.isComplete(), "a repetition elsewhere would be told that it still runs");
    memory.replaced.complete(true);

    // Then
    InitResult result = RunningGateway.await(joined);
    assertTrue(result.joined());
    assertEquals(RunningGateway.await(first).outcome(), result.outcome());
  }

  @Test
  void aMemoryThatFailsKeepsNobodyFromTheAnswer() {
    // When
    memory.replaced.completeExceptionally(new IllegalStateException("cut"));

    // Then
    assertInstanceOf(
        InitOutcome.Granted.class, RunningGateway.await(once(Duration.ofMinutes(10))).outcome());
  }

  @Test
  void aMemoryThatDoesNotAnswerIsWaitedForUntilTheDeadlineAtMost() {
    assertInstanceOf(
        InitOutcome.Granted.class, RunningGateway.await(once(Duration.ZERO)).outcome());
  }
}
