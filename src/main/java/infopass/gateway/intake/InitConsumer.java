package infopass.gateway.intake;

import infopass.gateway.bus.Addresses;
import infopass.gateway.bus.GatewayClient;
import infopass.gateway.bus.InitHeaders;
import infopass.gateway.bus.InitRequest;
import infopass.gateway.callers.BasicAuthorization;
import infopass.gateway.callers.Caller;
import infopass.gateway.callers.Callers;
import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.CorrelationIds;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.TraceParent;
import infopass.gateway.http.AnswerListener;
import infopass.gateway.idempotency.IdempotencyKey;
import infopass.gateway.logging.LogLimit;
import infopass.gateway.tracing.Span;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The event-bus door: JSON in and out on {@link Addresses#INIT}, and the records of the typed
 * client, under the rules of the HTTP door. Deploy one per event loop.
 */
final class InitConsumer extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(InitConsumer.class);
  private static final LogLimit LIMIT = new LogLimit();
  private static final String DEFAULT_CALLER = "event-bus";
  private static final int MAX_CALLER_LENGTH = 128;
  private static final byte[] NO_JSON = {};

  /** Who asks for a reply waits for it: the repetition of a running request joins that one. */
  private static final boolean WAITS = true;

  private final Supplier<InitDesk> desks;
  private final InitAnswer answer;
  private final int maxBodyBytes;
  private final Duration overall;
  private final Callers callers;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final InitSpans spans;
  private final AnswerListener answers;
  private InitDesk desk;
  private MessageConsumer<Object> consumer;

  InitConsumer(
      Supplier<InitDesk> desks,
      InitAnswer answer,
      int maxBodyBytes,
      Duration overall,
      Callers callers,
      LongSupplier nanoTime,
      RandomGenerator random,
      InitSpans spans,
      AnswerListener answers) {
    this.desks = desks;
    this.answer = answer;
    this.maxBodyBytes = maxBodyBytes;
    this.overall = overall;
    this.callers = callers;
    this.nanoTime = nanoTime;
    this.random = random;
    this.spans = spans;
    this.answers = answers;
  }

  @Override
  public Future<?> start() {
    GatewayClient.register(vertx);
    desk = desks.get();
    consumer = vertx.eventBus().consumer(Addresses.INIT, this::init);
    return consumer.completion();
  }

  @Override
  public Future<?> stop() {
    return consumer == null ? Future.succeededFuture() : consumer.unregister();
  }

  private void init(Message<Object> message) {
    if (message.replyAddress() == null) {
      // Published, or sent without asking for a reply: nobody would get the link.
      LIMIT.line(LOG, Level.WARN, "no-reply").log("a message without a reply address was ignored");
      return;
    }
    long begun = nanoTime.getAsLong();
    String correlationId =
        CorrelationIds.givenOrNew(message.headers().get(InitHeaders.CORRELATION_ID), random);
    Span span = spans.message(message.headers().get(InitHeaders.TRACEPARENT), correlationId);
    Conversation conversation =
        new Conversation(
            message, correlationId, span, answer, () -> nanoTime.getAsLong() - begun, answers);
    Optional<Caller> caller = caller(message);
    byte[] body;
    try {
      body = bodyOf(message);
    } catch (EncodeException e) {
      conversation.deny(
          InitFailure.notSent(
              Problem.MALFORMED_JSON, "The message's body cannot be written as JSON."));
      return;
    }
    if (caller.isEmpty()) {
      conversation.deny(
          InitFailure.notSent(
              Problem.UNAUTHENTICATED, "Credentials are missing or malformed, and none are set."));
    } else if (body == NO_JSON) {
      conversation.deny(
          InitFailure.notSent(Problem.INVALID_REQUEST, "The message's body is no JSON object."));
    } else if (body.length > maxBodyBytes) {
      conversation.deny(
          InitFailure.notSent(
              Problem.BODY_TOO_LARGE, "The body is larger than " + maxBodyBytes + " bytes."));
    } else {
      handle(message, conversation, caller.get(), body, begun);
    }
  }

  private void handle(
      Message<Object> message, Conversation conversation, Caller caller, byte[] body, long begun) {
    String key = message.headers().get(InitHeaders.IDEMPOTENCY_KEY);
    Optional<IdempotencyKey> named;
    try {
      named = IdempotencyKey.parse(key == null ? List.of() : List.of(key));
    } catch (IllegalArgumentException malformed) {
      conversation.deny(InitFailure.notSent(Problem.INVALID_REQUEST, malformed.getMessage()));
      return;
    }
    desk.handle(
            new InitDesk.Request(
                conversation.correlationId(),
                caller,
                trace(message, conversation.span()),
                body,
                new Deadline(begun + patience(message).toNanos()),
                new CallerPresence(),
                named,
                WAITS,
                Purpose.of(message.headers().get(InitHeaders.PURPOSE))))
        .map(conversation::end)
        .onFailure(conversation::broken);
  }

  private static byte[] bodyOf(Message<Object> message) {
    if (message.body() instanceof JsonObject json) {
      return json.toBuffer().getBytes();
    }
    return message.body() instanceof InitRequest request
        ? request.toJson().toBuffer().getBytes()
        : NO_JSON;
  }

  /** Empty where it brought malformed credentials, or none and the gateway has none either. */
  private Optional<Caller> caller(Message<Object> message) {
    String name = message.headers().get(InitHeaders.CALLER);
    boolean fit = name != null && !name.isBlank() && name.length() <= MAX_CALLER_LENGTH;
    String given = message.headers().get(InitHeaders.AUTHORIZATION);
    Optional<String> own = BasicAuthorization.parse(given).map(BasicAuthorization::value);
    return given != null && own.isEmpty()
        ? Optional.empty()
        : callers.inside(fit ? name : DEFAULT_CALLER, own);
  }

  /** The sender's patience lowers the deadline, never raises it. */
  private Duration patience(Message<Object> message) {
    String millis = message.headers().get(InitHeaders.TIMEOUT_MILLIS);
    if (millis == null || !millis.matches("[0-9]{1,9}")) {
      return overall;
    }
    Duration given = Duration.ofMillis(Long.parseLong(millis));
    return given.compareTo(overall) < 0 ? given : overall;
  }

  private TraceParent trace(Message<Object> message, Span span) {
    if (span.recorded()) {
      return span.context();
    }
    return TraceParent.parse(message.headers().get(InitHeaders.TRACEPARENT))
        .map(given -> given.next(random))
        .orElseGet(() -> TraceParent.start(random));
  }
}
