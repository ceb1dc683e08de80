package infopass.gateway.infopass;

import static infopass.gateway.infopass.Fixtures.await;
import static infopass.gateway.infopass.Fixtures.busy;
import static infopass.gateway.infopass.Fixtures.call;
import static infopass.gateway.infopass.Fixtures.circuitOpen;
import static infopass.gateway.infopass.Fixtures.failureOf;
import static infopass.gateway.infopass.Fixtures.lost;
import static infopass.gateway.infopass.Fixtures.rejected;
import static infopass.gateway.infopass.Fixtures.unreachable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.infopass.Fixtures.ScriptedClient;
import infopass.gateway.infopass.InfopassConfig.RetryOn;
import infopass.gateway.resilience.Backoff;
import infopass.gateway.resilience.RetryBudget;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@Timeout(30)
class RetryingClientTest {
  private final CallCounters counters = new CallCounters();
  private RetryBudget budget = new RetryBudget(0, 100, System::nanoTime);
  private LongSupplier nanoTime = System::nanoTime;
  private Vertx vertx;

  @BeforeEach
  void take(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Without pauses of its own. */
  private RetryingClient retrying(RetryOn on, InfopassClient inner) {
    Duration none = Duration.ZERO;
    return new RetryingClient(
        inner,
        new InfopassConfig.Retry(3, on, none, none, 0, 0),
        new Backoff(none, none, new SplittableRandom(1)),
        budget,
        counters,
        vertx,
        nanoTime);
  }

  @Test
  void triesAgainWhatThePartnerCannotHaveProcessed() throws Exception {
    for (RetryOn on : RetryOn.values()) {
      // Given
      ScriptedClient inner = ScriptedClient.failing(unreachable(), busy(null)).thenGrant();

      // When
      InitSession session = await(retrying(on, inner).init(call()));

      // Then
      assertEquals("c", session.clientId());
      assertEquals(3, inner.asked());
    }
    assertEquals(4, counters.snapshot().retries());
    assertEquals(0, counters.snapshot().possibleDuplicates());
  }

  @Test
  void triesAgainWhatMayHaveBeenProcessedOnlyWhereThatIsAskedFor() throws Exception {
    // Given
    ScriptedClient safe = ScriptedClient.failing(lost());
    ScriptedClient transients = ScriptedClient.failing(lost()).thenGrant();

    // When
    PartnerFailure failure = failureOf(retrying(RetryOn.SAFE, safe).init(call()));
    await(retrying(RetryOn.TRANSIENT, transients).init(call()));

    // Then
    assertEquals(Problem.UPSTREAM_FAILED, failure.failure().problem());
    assertEquals(1, safe.asked());
    assertEquals(2, transients.asked());
  }

  @Test
  void countsEachPossibleDuplicate() throws Exception {
    // Given
    ScriptedClient inner = ScriptedClient.failing(lost(), busy(null), unreachable());

    // When
    failureOf(retrying(RetryOn.TRANSIENT, inner).init(call()));

    // Then
    assertEquals(1, counters.snapshot().retries());
    assertEquals(1, counters.snapshot().possibleDuplicates());
  }

  @Test
  void neitherCountsNorPaysForARepetitionThatIsNotSent() throws Exception {
    // Given
    budget = new RetryBudget(0, 1, () -> 0);
    double before = budget.balance();
    PartnerCall stopped = call();
    ScriptedClient inner =
        ScriptedClient.failing(lost())
            .then(
                call -> {
                  call.deadlinePassed();
                  return Future.failedFuture(call.stopped());
                });

    // When
    failureOf(retrying(RetryOn.TRANSIENT, inner).init(stopped));
    failureOf(
        retrying(RetryOn.TRANSIENT, ScriptedClient.failing(lost(), circuitOpen())).init(call()));

    // Then
    assertEquals(0, counters.snapshot().retries());
    assertEquals(0, counters.snapshot().possibleDuplicates());
    assertEquals(before, budget.balance());
  }

  @Test
  void tellsWhatThePartnerDidWhereTheRepetitionIsRefusedHere() throws Exception {
    // Given
    ScriptedClient inner = ScriptedClient.failing(lost(), circuitOpen());

    // When
    PartnerFailure failure = failureOf(retrying(RetryOn.TRANSIENT, inner).init(call()));

    // Then
    assertEquals(2, inner.asked());
    assertEquals(Problem.UPSTREAM_FAILED, failure.failure().problem());
    assertEquals(Outcome.UNKNOWN, failure.failure().outcome());
  }

  @Test
  void whoFindsTheRepetitionRefusedIsToldWhenThatEnds() throws Exception {
    PartnerFailure open =
        PartnerFailure.refused(
            InitFailure.notSent(Problem.CIRCUIT_OPEN, "open")
                .withRetryAfter(Duration.ofMillis(500)));
    for (Duration theirs : new Duration[] {null, Duration.ofMillis(5), Duration.ofSeconds(1)}) {
      // Given: the pause before the repetition is as long as the partner wanted
      ScriptedClient inner = ScriptedClient.failing(busy(theirs), open);

      // When
      InitFailure failure = failureOf(retrying(RetryOn.SAFE, inner).init(call())).failure();

      // Then
      assertEquals(Problem.UPSTREAM_BUSY, failure.problem());
      assertEquals(Outcome.REJECTED, failure.outcome());
      assertEquals(Duration.ofMillis(500), failure.retryAfter());
    }
  }

  @Test
  void aRefusedRepetitionIsNotCounted() throws Exception {
    failureOf(
        retrying(RetryOn.TRANSIENT, ScriptedClient.failing(lost(), circuitOpen())).init(call()));

    assertEquals(0, counters.snapshot().retries());
    assertEquals(0, counters.snapshot().possibleDuplicates());
  }

  @Test
  void aRefusalOfTheFirstAttemptIsTheAnswer() throws Exception {
    ScriptedClient inner = ScriptedClient.failing(circuitOpen());

    assertEquals(
        Problem.CIRCUIT_OPEN,
        failureOf(retrying(RetryOn.TRANSIENT, inner).init(call())).failure().problem());
  }

  @Test
  void neverRepeatsWhatWouldEndTheSameWay() throws Exception {
    // Given
    ScriptedClient inner = ScriptedClient.failing(rejected());

    // When
    PartnerFailure failure = failureOf(retrying(RetryOn.TRANSIENT, inner).init(call()));

    // Then
    assertEquals(1, inner.asked());
    assertEquals(Problem.UPSTREAM_REJECTED, failure.failure().problem());
  }

  @Test
  void givesUpAfterTheLastAttempt() throws Exception {
    // Given
    ScriptedClient inner = ScriptedClient.failing(lost(), lost(), lost());

    // When
    failureOf(retrying(RetryOn.TRANSIENT, inner).init(call()));

    // Then
    assertEquals(3, inner.asked());
  }

  @Test
  void givesUpWhenTheBudgetIsSpent() throws Exception {
    // Given
    budget = new RetryBudget(0, 0, System::nanoTime);
    ScriptedClient inner = ScriptedClient.failing(busy(null));

    // When
    PartnerFailure failure = failureOf(retrying(RetryOn.SAFE, inner).init(call()));

    // Then
    assertEquals(1, inner.asked());
    assertEquals(0, counters.snapshot().retries());
    assertEquals(Problem.UPSTREAM_BUSY, failure.failure().problem());
  }

  @Test
  void earnsBudgetOncePerRequestAndNotPerAttempt() throws Exception {
    // Given
    AtomicLong still = new AtomicLong();
    budget = new RetryBudget(0.5, 0, still::get);
    RetryingClient client =
        retrying(
            RetryOn.SAFE,
            ScriptedClient.failing(busy(null), busy(null)).thenGrant().then(busy(null)));

    // When
    failureOf(client.init(call()));
    await(client.init(call()));

    // Then: half of the retry, spent by the second request's only one
    assertEquals(1, counters.snapshot().retries());
    assertEquals(0, budget.balance());
  }

  @Test
  void isNeverEarlierThanTheRetryAfter() throws Exception {
    // Given
    Duration asked = Duration.ofMillis(60);
    long[] at = new long[2];
    ScriptedClient inner =
        new ScriptedClient()
            .then(
                call -> {
                  at[0] = System.nanoTime();
                  return Future.failedFuture(busy(asked));
                })
            .then(
                call -> {
                  at[1] = System.nanoTime();
                  return Future.succeededFuture(Fixtures.session());
                });

    // When
    await(retrying(RetryOn.SAFE, inner).init(call()));

    // Then
    assertTrue(at[1] - at[0] >= asked.toNanos());
  }

  @Test
  void doesNotBeginARetryWhoseRetryAfterIsBeyondTheDeadline() throws Exception {
    // Given
    AtomicLong still = new AtomicLong();
    nanoTime = still::get;
    double before = budget.balance();
    Duration asked = Duration.ofSeconds(7);
    ScriptedClient inner = ScriptedClient.failing(busy(asked));

    // When
    Future<InitSession> answer =
        retrying(RetryOn.SAFE, inner).init(call(new Deadline(asked.toNanos())));

    // Then: at once, with the time that the partner named, and without touching the budget
    assertTrue(answer.isComplete());
    assertEquals(asked, failureOf(answer).failure().retryAfter());
    assertEquals(1, inner.asked());
    assertEquals(before, budget.balance(), 1e-9);
  }

  @Test
  void doesNotBeginARetryThatWouldTakeLongerThanIsLeft() throws Exception {
    // Given: the first attempt took 600 ms of 1 s
    AtomicLong clock = new AtomicLong();
    nanoTime = clock::get;
    ScriptedClient inner =
        new ScriptedClient()
            .then(
                call -> {
                  clock.addAndGet(Duration.ofMillis(600).toNanos());
                  return Future.failedFuture(lost());
                });

    // When
    failureOf(retrying(RetryOn.TRANSIENT, inner).init(call(new Deadline(1_000_000_000))));

    // Then
    assertEquals(1, inner.asked());
  }

  @Test
  void namesTheWorstThatAnyAttemptMayHaveDone() throws Exception {
    assertEquals(Outcome.UNKNOWN, outcomeOf(lost(), unreachable(), unreachable()));
    assertEquals(Outcome.UNKNOWN, outcomeOf(unreachable(), lost(), busy(null)));
    assertEquals(Outcome.UNKNOWN, outcomeOf(lost(), circuitOpen()));
    assertEquals(Outcome.REJECTED, outcomeOf(busy(null), circuitOpen()));
    assertEquals(Outcome.REJECTED, outcomeOf(unreachable(), busy(null), unreachable()));
    assertEquals(Outcome.REJECTED, outcomeOf(unreachable(), rejected()));
    assertEquals(Outcome.NOT_SENT, outcomeOf(unreachable(), unreachable(), unreachable()));
    assertEquals(Outcome.NOT_SENT, outcomeOf(circuitOpen()));
  }

  private Outcome outcomeOf(PartnerFailure... failures) throws Exception {
    ScriptedClient inner = ScriptedClient.failing(failures);
    PartnerFailure failure = failureOf(retrying(RetryOn.TRANSIENT, inner).init(call()));
    assertEquals(failures.length, inner.asked());
    PartnerFailure last = failures[failures.length - 1];
    PartnerFailure told = last.isRefusal() ? failures[Math.max(0, failures.length - 2)] : last;
    assertEquals(told.failure().problem(), failure.failure().problem());
    return failure.failure().outcome();
  }

  @Test
  void saysWhenToComeBackWhereABusyPartnerDoesNot() throws Exception {
    // When
    PartnerFailure silent =
        failureOf(
            retrying(RetryOn.SAFE, ScriptedClient.failing(busy(null), busy(null), busy(null)))
                .init(call()));
    PartnerFailure other =
        failureOf(
            retrying(RetryOn.SAFE, ScriptedClient.failing(unreachable(), unreachable(), rejected()))
                .init(call()));

    // Then
    assertEquals(1, silent.failure().retryAfterSeconds());
    assertEquals(-1, other.failure().retryAfterSeconds());
  }

  @Test
  void doesNotRepeatForACallerWhoLeft() throws Exception {
    // Given
    ScriptedClient inner =
        new ScriptedClient()
            .then(
                call -> {
                  call.attemptBegins();
                  call.requestWritten();
                  assertTrue(call.callerHasLeft());
                  call.attemptEnds(Outcome.UNKNOWN);
                  return Future.failedFuture(lost());
                });

    // When
    failureOf(retrying(RetryOn.TRANSIENT, inner).init(call()));

    // Then
    assertEquals(1, inner.asked());
  }

  @Test
  void endsAtOnceWhenTheCallIsStoppedDuringThePause() throws Exception {
    // Given
    PartnerCall call = call();
    ScriptedClient inner = ScriptedClient.failing(busy(Duration.ofSeconds(30)));
    Future<InitSession> answer = retrying(RetryOn.SAFE, inner).init(call);
    assertFalse(answer.isComplete());

    // When
    call.deadlinePassed();

    // Then
    PartnerFailure failure = failureOf(answer);
    assertSame(call.stopped(), failure);
    assertEquals(Problem.DEADLINE_EXCEEDED, failure.failure().problem());
    assertEquals(Outcome.REJECTED, failure.failure().outcome());
    assertEquals(1, inner.asked());
  }

  @Test
  void passesOnWhatIsABug() {
    // Given
    IllegalStateException bug = new IllegalStateException("bug");
    ScriptedClient inner = new ScriptedClient().then(call -> Future.failedFuture(bug));

    // When
    ExecutionException thrown =
        assertThrows(
            ExecutionException.class, () -> await(retrying(RetryOn.TRANSIENT, inner).init(call())));

    // Then
    assertSame(bug, thrown.getCause());
    assertEquals(1, inner.asked());
  }
}
