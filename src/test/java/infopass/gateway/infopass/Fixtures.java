package infopass.gateway.infopass;

import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.TokenExpiry;
import infopass.gateway.digilocker.TraceParent;
import infopass.gateway.infopass.PartnerFailure.Health;
import infopass.gateway.infopass.PartnerFailure.Replay;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Commands, failures and doubles that the tests of this package share. */
final class Fixtures {
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final String REQUEST =
      "{\"name\":\"Asha Rao\",\"email\":\"asha@example.in\",\"mobile\":\"+91 96500-00986\","
          + "\"redirectUrl\":\"https://shop.example/back\",\"state\":\"Uttar Pradesh\"}";

  private Fixtures() {}

  static PartnerCall call(Deadline deadline) {
    return new PartnerCall(
        new InitCommand(
            "id-1",
            "caller",
            "Basic dXNlcjpwYXNz",
            false,
            TraceParent.start(new SplittableRandom(1)),
            Payload.owning(REQUEST.getBytes(StandardCharsets.UTF_8)),
            deadline,
            new CallerPresence()));
  }

  /** A call with all the time in the world. */
  static PartnerCall call() {
    return call(Deadline.after(Duration.ofMinutes(1), System::nanoTime));
  }

  static InitSession session() {
    TokenExpiry expiry = TokenExpiry.from(NOW, Duration.ofSeconds(600));
    return new InitSession("c", Payload.owning(new byte[] {'{', '}'}), 1, expiry, Duration.ZERO);
  }

  static PartnerFailure busy(Duration retryAfter) {
    return new PartnerFailure(
        InitFailure.of(Problem.UPSTREAM_BUSY, "busy")
            .withOutcome(Outcome.REJECTED)
            .withRetryAfter(retryAfter),
        Replay.SAFE,
        Health.ANSWERED);
  }

  static PartnerFailure unreachable() {
    return new PartnerFailure(
        InitFailure.notSent(Problem.UPSTREAM_UNREACHABLE, "unreachable"), Replay.SAFE, Health.ILL);
  }

  static PartnerFailure lost() {
    return new PartnerFailure(
        InitFailure.of(Problem.UPSTREAM_FAILED, "lost").withOutcome(Outcome.UNKNOWN),
        Replay.MAY_DUPLICATE,
        Health.ILL);
  }

  static PartnerFailure rejected() {
    return new PartnerFailure(
        InitFailure.of(Problem.UPSTREAM_REJECTED, "no").withOutcome(Outcome.REJECTED),
        Replay.NEVER,
        Health.WELL);
  }

  static PartnerFailure circuitOpen() {
    return PartnerFailure.refused(InitFailure.notSent(Problem.CIRCUIT_OPEN, "open"));
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** What a future that must fail failed with. */
  static PartnerFailure failureOf(Future<?> future) throws Exception {
    return await(
        future.transform(
            done ->
                done.failed()
                    ? Future.succeededFuture((PartnerFailure) done.cause())
                    : Future.failedFuture(new AssertionError("it succeeded"))));
  }

  /** Answers as its script says, step by step, and keeps the books as the wire does. */
  static final class ScriptedClient implements InfopassClient {
    private final Deque<Function<PartnerCall, Future<InitSession>>> script = new ArrayDeque<>();
    private int asked;

    static ScriptedClient failing(PartnerFailure... failures) {
      ScriptedClient client = new ScriptedClient();
      List.of(failures).forEach(client::then);
      return client;
    }

    ScriptedClient then(PartnerFailure failure) {
      return then(
          call -> {
            boolean reachedTheWire = failure.failure().problem() != Problem.CIRCUIT_OPEN;
            if (reachedTheWire) {
              call.attemptBegins();
              if (failure.failure().outcome() != Outcome.NOT_SENT) {
                call.requestWritten();
              }
              call.attemptEnds(failure.failure().outcome());
            }
            return Future.failedFuture(failure);
          });
    }

    ScriptedClient thenGrant() {
      return then(
          call -> {
            call.attemptBegins();
            call.requestWritten();
            return Future.succeededFuture(session());
          });
    }

    ScriptedClient then(Function<PartnerCall, Future<InitSession>> step) {
      script.add(step);
      return this;
    }

    /** How often it was asked. */
    int asked() {
      return asked;
    }

    @Override
    public Future<InitSession> init(PartnerCall call) {
      asked++;
      return script.remove().apply(call);
    }
  }
}
