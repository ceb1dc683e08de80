package infopass.gateway.intake;

import infopass.gateway.bus.InitHeaders;
import infopass.gateway.bus.InitReply;
import infopass.gateway.bus.InitRequest;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.ProblemJson;
import infopass.gateway.http.AnswerListener;
import infopass.gateway.logging.LogLimit;
import infopass.gateway.tracing.Span;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Answers one message in the form it came in: JSON for JSON, with failures as the bus's own failed
 * replies; a record for a record. Belongs to one event loop.
 */
final class Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
  private static final int OK = 200;
  private static final LogLimit LIMIT = new LogLimit();

  private final Message<Object> message;
  private final String correlationId;
  private final Span span;
  private final InitAnswer answer;
  private final LongSupplier elapsedNanos;
  private final AnswerListener answers;

  Conversation(
      Message<Object> message,
      String correlationId,
      Span span,
      InitAnswer answer,
      LongSupplier elapsedNanos,
      AnswerListener answers) {
    this.message = message;
    this.correlationId = correlationId;
    this.span = span;
    this.answer = answer;
    this.elapsedNanos = elapsedNanos;
    this.answers = answers;
  }

  String correlationId() {
    return correlationId;
  }

  Span span() {
    return span;
  }

  Void end(InitResult result) {
    if (result.outcome() instanceof InitOutcome.Granted granted) {
      JsonObject json = new JsonObject(answer.write(granted.session(), correlationId));
      DeliveryOptions options = new DeliveryOptions();
      if (result.replayed()) {
        options.addHeader(InitHeaders.REPLAYED, "true");
      }
      message.reply(typed() ? record(granted.session(), json) : json, options);
      span.end();
      answered(OK, Optional.empty());
    } else if (result.outcome() instanceof InitOutcome.Denied denied) {
      deny(denied.failure());
    }
    return null;
  }

  void deny(InitFailure failure) {
    InitSpans.end(span, failure);
    answered(failure.status(), Optional.of(failure.problem()));
    InitLog.denied(correlationId, failure, elapsedNanos.getAsLong() / 1_000_000);
    if (typed()) {
      message.reply(new InitOutcome.Denied(failure));
    } else {
      message.fail(failure.status(), ProblemJson.of(failure, correlationId));
    }
  }

  private void answered(int status, Optional<Problem> problem) {
    answers.answered(InitRoutes.PATH, HttpMethod.POST, status, problem, elapsedNanos.getAsLong());
  }

  /** A bug: one stack trace for us, no detail for the sender. */
  void broken(Throwable cause) {
    LIMIT
        .line(LOG, Level.ERROR, cause.getClass())
        .addKeyValue("correlationId", correlationId)
        .setCause(cause)
        .log("unexpected failure");
    deny(InitFailure.of(Problem.INTERNAL, "Report the correlation id to the operator."));
  }

  private boolean typed() {
    return message.body() instanceof InitRequest;
  }

  private InitReply record(InitSession session, JsonObject json) {
    JsonObject data = json.getJsonObject("data");
    return new InitReply(
        session.clientId(),
        data.getString("token"),
        data.getString("url"),
        session.expiry(),
        correlationId,
        json.getJsonObject("countdown").getString("url"));
  }
}
