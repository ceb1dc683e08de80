package infopass.gateway.infopass;

import static infopass.gateway.infopass.Fixtures.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.infopass.PartnerFailure.Health;
import infopass.gateway.infopass.PartnerFailure.Replay;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PartnerCallTest {
  /** How far a call has come. */
  private enum Stage {
    NEW(Outcome.NOT_SENT),
    CONNECTING(Outcome.NOT_SENT),
    WRITTEN(Outcome.UNKNOWN),
    BETWEEN_AFTER_REJECTED(Outcome.REJECTED),
    BETWEEN_AFTER_UNKNOWN(Outcome.UNKNOWN),
    CONNECTING_AGAIN(Outcome.REJECTED),
    WRITTEN_AGAIN(Outcome.UNKNOWN);

    private final Outcome outcome;

    Stage(Outcome outcome) {
      this.outcome = outcome;
    }

    PartnerCall reach() {
      PartnerCall call = call();
      switch (this) {
        case NEW -> {
          // Nothing has happened yet.
        }
        case CONNECTING -> call.attemptBegins();
        case WRITTEN -> write(call);
        case BETWEEN_AFTER_REJECTED -> writeAndEnd(call, Outcome.REJECTED);
        case BETWEEN_AFTER_UNKNOWN -> writeAndEnd(call, Outcome.UNKNOWN);
        case CONNECTING_AGAIN -> {
          writeAndEnd(call, Outcome.REJECTED);
          call.attemptBegins();
        }
        case WRITTEN_AGAIN -> {
          writeAndEnd(call, Outcome.REJECTED);
          write(call);
        }
      }
      return call;
    }

    boolean onTheWire() {
      return this == WRITTEN || this == WRITTEN_AGAIN;
    }

    private static void write(PartnerCall call) {
      call.attemptBegins();
      call.requestWritten();
    }

    private static void writeAndEnd(PartnerCall call, Outcome how) {
      write(call);
      call.attemptEnds(how);
    }
  }

  @Test
  void knowsAtEveryStageWhatThePartnerMayHaveDone() {
    for (Stage stage : Stage.values()) {
      assertEquals(stage.outcome, stage.reach().outcome(), stage.name());
    }
  }

  @Test
  void theDeadlineEndsItAtEveryStage() {
    for (Stage stage : Stage.values()) {
      // Given
      PartnerCall call = stage.reach();
      AtomicInteger ended = new AtomicInteger();
      call.whenStopped(ended::incrementAndGet);

      // When
      call.deadlinePassed();

      // Then
      PartnerFailure failure = call.stopped();
      assertEquals(1, ended.get(), stage.name());
      assertEquals(Problem.DEADLINE_EXCEEDED, failure.failure().problem(), stage.name());
      assertEquals(stage.outcome, failure.failure().outcome(), stage.name());
      assertEquals(Replay.NEVER, failure.replay(), stage.name());
      assertEquals(Health.UNTOLD, failure.health(), stage.name());
    }
  }

  @Test
  void aCallerWhoLeavesTakesItBackUnlessItIsOnTheWire() {
    for (Stage stage : Stage.values()) {
      // Given
      PartnerCall call = stage.reach();
      AtomicInteger ended = new AtomicInteger();
      call.whenStopped(ended::incrementAndGet);

      // When
      boolean abandoned = call.callerHasLeft();

      // Then
      assertEquals(stage.onTheWire(), abandoned, stage.name());
      assertTrue(call.callerLeft(), stage.name());
      assertEquals(stage.onTheWire() ? 0 : 1, ended.get(), stage.name());
      assertEquals(stage.onTheWire(), call.stopped() == null, stage.name());
      if (!stage.onTheWire()) {
        assertEquals(stage.outcome, call.stopped().failure().outcome(), stage.name());
        assertEquals(Health.UNTOLD, call.stopped().health(), stage.name());
      }
    }
  }

  @Test
  void isStoppedOnceAndForTheFirstReason() {
    // Given
    PartnerCall call = call();
    AtomicInteger ended = new AtomicInteger();
    call.whenStopped(ended::incrementAndGet);
    call.callerHasLeft();
    PartnerFailure first = call.stopped();

    // When
    call.deadlinePassed();

    // Then
    assertSame(first, call.stopped());
    assertEquals(1, ended.get());
  }

  @Test
  void onlyTheLastRegisteredActionEndsIt() {
    // Given
    PartnerCall call = call();
    AtomicInteger replaced = new AtomicInteger();
    call.whenStopped(replaced::incrementAndGet);
    call.whenStopped(null);

    // When
    call.deadlinePassed();

    // Then
    assertEquals(0, replaced.get());
  }

  @Test
  void addsUpAttemptsAndTheirTime() {
    // Given
    PartnerCall call = call();
    assertNull(call.stopped());
    assertFalse(call.callerLeft());

    // When
    call.attemptBegins();
    call.partnerTook(30);
    call.attemptBegins();
    call.partnerTook(12);

    // Then
    assertEquals(2, call.attempts());
    assertEquals(Duration.ofNanos(42), call.partnerTime());
  }

  @Test
  void aRefusalOfOurOwnSaysNothingOfThePartnerAndIsNotRepeated() {
    PartnerFailure refusal = Fixtures.circuitOpen();

    assertEquals(Replay.NEVER, refusal.replay());
    assertEquals(Health.UNTOLD, refusal.health());
    assertEquals("circuit-open", refusal.getMessage());
    assertEquals(0, refusal.getStackTrace().length);
  }
}
