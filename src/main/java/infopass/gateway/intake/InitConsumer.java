package infopass.gateway.intake;

import infopass.gateway.bus.Addresses;
import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.CorrelationIds;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.ProblemJson;
import infopass.gateway.digilocker.TraceParent;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The event-bus door: JSON in and out on {@link Addresses#INIT}, under the rules of the HTTP door.
 * Deploy one per event loop.
 */
final class InitConsumer extends VerticleBase {
  private static final String DEFAULT_CALLER = "event-bus";

  private final Supplier<InitDesk> desks;
  private final InitAnswer answer;
  private final int maxBodyBytes;
  private final Duration overall;
  private final Optional<String> ownAuthorization;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private InitDesk desk;
  private MessageConsumer<Object> consumer;

  /**
   * @param ownAuthorization the gateway's own credentials, for consumers that bring none
   */
  InitConsumer(
      Supplier<InitDesk> desks,
      InitAnswer answer,
      int maxBodyBytes,
      Duration overall,
      Optional<String> ownAuthorization,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.desks = desks;
    this.answer = answer;
    this.maxBodyBytes = maxBodyBytes;
    this.overall = overall;
    this.ownAuthorization = ownAuthorization;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  @Override
  public Future<?> start() {
    desk = desks.get();
    consumer = vertx.eventBus().consumer(Addresses.INIT, this::init);
    return consumer.completion();
  }

  @Override
  public Future<?> stop() {
    return consumer == null ? Future.succeededFuture() : consumer.unregister();
  }

  private void init(Message<Object> message) {
    Deadline deadline = Deadline.after(overall, nanoTime);
    String correlationId =
        CorrelationIds.givenOrNew(message.headers().get("correlationId"), random);
    Optional<String> authorization = authorization(message);
    if (authorization.isEmpty()) {
      fail(
          message,
          correlationId,
          deadline,
          InitFailure.notSent(
              Problem.UNAUTHENTICATED, "Credentials are missing or malformed, and none are set."));
      return;
    }
    if (!(message.body() instanceof JsonObject json)) {
      fail(
          message,
          correlationId,
          deadline,
          InitFailure.notSent(Problem.INVALID_REQUEST, "The message's body is no JSON object."));
      return;
    }
    byte[] body = json.toBuffer().getBytes();
    if (body.length > maxBodyBytes) {
      fail(
          message,
          correlationId,
          deadline,
          InitFailure.notSent(
              Problem.BODY_TOO_LARGE, "The body is larger than " + maxBodyBytes + " bytes."));
      return;
    }
    String caller = message.headers().get("caller");
    InitDesk.Request request =
        new InitDesk.Request(
            correlationId,
            caller == null ? DEFAULT_CALLER : caller,
            authorization.get(),
            trace(message),
            body,
            deadline,
            new CallerPresence());
    desk.handle(request)
        .onSuccess(outcome -> reply(message, correlationId, deadline, outcome))
        .onFailure(
            cause ->
                fail(
                    message,
                    correlationId,
                    deadline,
                    InitFailure.of(Problem.INTERNAL, "Report the correlation id.")));
  }

  /** The consumer's own credentials where it brought some; they must then be well-formed. */
  private Optional<String> authorization(Message<Object> message) {
    String given = message.headers().get("authorization");
    return given == null
        ? ownAuthorization
        : BasicAuthorization.parse(given).map(BasicAuthorization::value);
  }

  private TraceParent trace(Message<Object> message) {
    return TraceParent.parse(message.headers().get("traceparent"))
        .map(given -> given.next(random))
        .orElseGet(() -> TraceParent.start(random));
  }

  private void reply(
      Message<Object> message, String correlationId, Deadline deadline, InitOutcome outcome) {
    if (outcome instanceof InitOutcome.Granted granted) {
      message.reply(new JsonObject(answer.write(granted.session(), correlationId)));
    } else if (outcome instanceof InitOutcome.Denied denied) {
      fail(message, correlationId, deadline, denied.failure());
    }
  }

  private void fail(
      Message<Object> message, String correlationId, Deadline deadline, InitFailure failure) {
    long elapsedNanos = overall.toNanos() - deadline.remainingNanos(nanoTime);
    InitLog.denied(correlationId, failure, elapsedNanos / 1_000_000);
    message.fail(failure.problem().status(), ProblemJson.of(failure, correlationId));
  }
}
