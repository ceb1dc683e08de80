package infopass.gateway.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.TraceParent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InitBusTest {
  private final Vertx vertx = Vertx.vertx();
  private final InitBus bus = new InitBus(vertx, System::nanoTime);

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static InitCommand command(Duration patience) {
    return new InitCommand(
        "c-1",
        "caller",
        "Basic x",
        false,
        TraceParent.start(new SplittableRandom(1)),
        Payload.owning(new byte[0]),
        Deadline.after(patience, System::nanoTime),
        new CallerPresence());
  }

  private InitFailure denied(InitCommand command) throws Exception {
    Promise<InitOutcome> answered = Promise.promise();
    vertx.runOnContext(run -> bus.asker().ask(command).onComplete(answered));
    InitOutcome outcome =
        answered.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    return ((InitOutcome.Denied) outcome).failure();
  }

  private InitBus.Registration serve(Function<InitCommand, Future<InitOutcome>> handler)
      throws Exception {
    Promise<InitBus.Registration> served = Promise.promise();
    vertx.runOnContext(run -> served.complete(bus.serve(handler)));
    return served.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void passesTheSameRecordsThereAndBack() throws Exception {
    // Given
    AtomicReference<InitCommand> seen = new AtomicReference<>();
    InitFailure failure = InitFailure.of(Problem.UPSTREAM_BUSY, "busy");
    serve(
        command -> {
          seen.set(command);
          return Future.succeededFuture(new InitOutcome.Denied(failure));
        });
    InitCommand command = command(Duration.ofSeconds(5));

    // When
    InitFailure answered = denied(command);

    // Then
    assertSame(command, seen.get());
    assertSame(failure, answered);
  }

  @Test
  void theAnswerComesOnTheContextOfTheAskerWhoeverGivesIt() throws Exception {
    // Given
    InitOutcome outcome = new InitOutcome.Denied(InitFailure.of(Problem.UPSTREAM_BUSY, "busy"));
    serve(command -> Future.fromCompletionStage(CompletableFuture.supplyAsync(() -> outcome)));
    Promise<Context> asked = Promise.promise();
    Promise<Context> answered = Promise.promise();

    // When
    vertx.runOnContext(
        run -> {
          asked.complete(vertx.getOrCreateContext());
          bus.asker()
              .ask(command(Duration.ofMinutes(5)))
              .onComplete(done -> answered.complete(Vertx.currentContext()));
        });

    // Then
    assertSame(
        asked.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS),
        answered.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));
  }

  @Test
  void thatNobodyServesIsAnOutcomeAtOnce() throws Exception {
    InitFailure failure = denied(command(Duration.ofMinutes(5)));
    assertEquals(Problem.OVERLOADED, failure.problem());
    assertEquals(Outcome.NOT_SENT, failure.outcome());
    assertNotNull(failure.retryAfter());
  }

  @Test
  void afterTheRegistrationIsClosedNobodyServes() throws Exception {
    InitBus.Registration registration = serve(command -> Promise.<InitOutcome>promise().future());
    registration.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertEquals(Problem.OVERLOADED, denied(command(Duration.ofMinutes(5))).problem());
  }

  @Test
  void whatIsOnItsWayWhenTheRegistrationIsClosedStillArrives() throws Exception {
    // Given
    InitOutcome outcome = new InitOutcome.Denied(InitFailure.of(Problem.UPSTREAM_BUSY, "busy"));
    Promise<InitOutcome> answered = Promise.promise();
    Promise<Void> closed = Promise.promise();

    // When: both in one turn of the event loop
    vertx.runOnContext(
        run -> {
          InitBus.Registration registration = bus.serve(command -> Future.succeededFuture(outcome));
          bus.asker().ask(command(Duration.ofMinutes(5))).onComplete(answered);
          registration.close().onComplete(closed);
        });

    // Then
    assertSame(
        outcome,
        answered.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));
    closed.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void whoHasNoClientInstanceOnItsLoopIsAnsweredByAnother() throws Exception {
    // Given: contexts that are made outside of Vert.x get the event loops in turn
    Context one = vertx.getOrCreateContext();
    InitOutcome outcome = new InitOutcome.Denied(InitFailure.of(Problem.UPSTREAM_BUSY, "busy"));
    Promise<Thread> served = Promise.promise();
    Promise<Void> ready = Promise.promise();
    one.runOnContext(
        run -> {
          bus.serve(
              command -> {
                served.complete(Thread.currentThread());
                return Future.succeededFuture(outcome);
              });
          ready.complete();
        });
    ready.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    Promise<Thread> answered = Promise.promise();

    // When
    CompletableFuture.runAsync(
        () ->
            vertx
                .getOrCreateContext()
                .runOnContext(
                    run ->
                        bus.asker()
                            .ask(command(Duration.ofMinutes(5)))
                            .onComplete(done -> answered.complete(Thread.currentThread()))),
        task -> new Thread(task).start());

    // Then
    Thread there =
        served.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    Thread here =
        answered.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertNotSame(there, here);
  }

  @Test
  void silenceEndsASecondAfterTheDeadline() throws Exception {
    serve(command -> Promise.<InitOutcome>promise().future());
    InitFailure failure = denied(command(Duration.ofMillis(1)));
    assertEquals(Problem.DEADLINE_EXCEEDED, failure.problem());
    assertEquals(Outcome.UNKNOWN, failure.outcome());
  }

  @Test
  void aFailedFutureIsABugAndAnsweredAtOnce() throws Exception {
    serve(command -> Future.failedFuture(new IllegalStateException("bug in a test")));
    InitFailure failure = denied(command(Duration.ofMinutes(5)));
    assertEquals(Problem.INTERNAL, failure.problem());
    assertEquals(Outcome.UNKNOWN, failure.outcome());
  }

  @Test
  void anExceptionIsABugAndAnsweredAtOnce() throws Exception {
    serve(
        command -> {
          throw new IllegalStateException("bug in a test");
        });
    assertEquals(Problem.INTERNAL, denied(command(Duration.ofMinutes(5))).problem());
  }
}
