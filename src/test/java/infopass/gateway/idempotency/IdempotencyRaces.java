package infopass.gateway.idempotency;

import static infopass.gateway.Race.require;
import static infopass.gateway.Race.together;

import infopass.gateway.Race;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What may happen at once to the requests with one key. With the JDK's cryptography in it one run
 * takes longer than the model checker has patience for.
 */
public final class IdempotencyRaces {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

  private static final byte[] BODY = "{}".getBytes(StandardCharsets.US_ASCII);
  private static final IdempotencyKey KEY = IdempotencyKey.parse(List.of("k")).orElseThrow();

  private IdempotencyRaces() {}

  public static List<Race> all() {
    return List.of(
        new Race("one call for a key that is refused for good", false, () -> oneCall(rejected())),
        new Race("each attempt after an unknown end is alone", false, () -> alone(unknown())),
        new Race("each attempt after one not sent is alone", false, () -> alone(notSent())),
        new Race(
            "the call lasts while anybody waits", false, IdempotencyRaces::lastsWhileAnybodyWaits));
  }

  /** Calls, and how often each of those who asked was answered. */
  private static final class Asked {
    private final IdempotencyStore store = new IdempotencyStore(10, CLOCK);
    private final InitOutcome outcome;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();

    Asked(InitOutcome outcome) {
      this.outcome = outcome;
    }

    void ask() {
      Begun begun = store.begin("app", KEY, BODY);
      if (begun instanceof Begun.First first) {
        calls.incrementAndGet();
        require(running.incrementAndGet() == 1, "two calls at once");
        running.decrementAndGet();
        first.finish(outcome);
        answers.incrementAndGet();
      } else if (begun instanceof Begun.Running call) {
        AtomicBoolean answered = new AtomicBoolean();
        call.join(
            how -> {
              require(answered.compareAndSet(false, true), "answered twice");
              require(how == outcome, "another outcome");
              answers.incrementAndGet();
            });
      } else if (begun instanceof Begun.Replay replay) {
        require(((InitOutcome.Denied) replay.outcome()).failure() != null, "an empty replay");
        answers.incrementAndGet();
      } else {
        throw new AssertionError("taken for another request");
      }
    }
  }

  private static void oneCall(InitOutcome outcome) {
    Asked asked = new Asked(outcome);
    together(asked::ask, asked::ask, asked::ask);
    require(asked.calls.get() == 1, "calls: " + asked.calls);
    require(asked.answers.get() == 3, "answers: " + asked.answers);
    require(asked.store.snapshot().running() == 0, "a call never ended");
  }

  private static void alone(InitOutcome outcome) {
    Asked asked = new Asked(outcome);
    together(asked::ask, asked::ask, asked::ask);
    require(asked.calls.get() >= 1, "no call");
    require(asked.answers.get() == 3, "answers: " + asked.answers);
    require(asked.store.snapshot().running() == 0, "a call never ended");
    boolean unknown = ((InitOutcome.Denied) outcome).failure().outcome() == Outcome.UNKNOWN;
    require(
        asked.store.snapshot().possibleDuplicates() == (unknown ? asked.calls.get() - 1 : 0),
        "duplicates that are not counted");
  }

  private static void lastsWhileAnybodyWaits() {
    IdempotencyStore store = new IdempotencyStore(10, CLOCK);
    Begun.First first = (Begun.First) store.begin("app", KEY, BODY);
    AtomicInteger answers = new AtomicInteger();
    Runnable[] leave = {null};
    together(
        first::leave,
        () -> {
          if (store.begin("app", KEY, BODY) instanceof Begun.Running call) {
            leave[0] = call.join(how -> answers.incrementAndGet());
          }
        });
    boolean goneBefore = first.presence().left();
    first.finish(goneBefore ? notSent() : rejected());
    require(answers.get() == 1, "who joined was answered " + answers + " times");
    leave[0].run();
    leave[0].run();
    require(first.presence().left(), "nobody waits, and the call goes on");
  }

  private static InitOutcome rejected() {
    return denied(Problem.UPSTREAM_REJECTED, Outcome.REJECTED);
  }

  private static InitOutcome unknown() {
    return denied(Problem.UPSTREAM_FAILED, Outcome.UNKNOWN);
  }

  private static InitOutcome notSent() {
    return denied(Problem.DEADLINE_EXCEEDED, Outcome.NOT_SENT);
  }

  private static InitOutcome denied(Problem problem, Outcome outcome) {
    return new InitOutcome.Denied(InitFailure.of(problem, "x").withOutcome(outcome));
  }
}
