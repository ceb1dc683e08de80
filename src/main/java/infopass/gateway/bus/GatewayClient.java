package infopass.gateway.bus;

import infopass.gateway.digilocker.InitFailedException;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * The gateway for other verticles of its process: typed, and without copying. The rules of the HTTP
 * door hold: checks, limits, deadline. Thread-safe.
 */
public final class GatewayClient {
  private final Vertx vertx;
  private final SessionBus sessions;

  public GatewayClient(Vertx vertx) {
    this.vertx = vertx;
    this.sessions = new SessionBus(vertx);
    register(vertx);
  }

  /** Lets the typed messages of this conversation pass by identity; harmless to repeat. */
  public static void register(Vertx vertx) {
    LocalRecordCodec.register(vertx.eventBus(), InitRequest.class);
    LocalRecordCodec.register(vertx.eventBus(), InitReply.class);
    LocalRecordCodec.register(vertx.eventBus(), InitOutcome.Denied.class);
  }

  /** Asks for a link with the gateway's own credentials and its default deadline. */
  public Future<InitReply> init(InitRequest request) {
    return init(request, InitOptions.defaults());
  }

  /**
   * Asks for a link. Fails with an {@link InitFailedException} that says why, and what the partner
   * may have done.
   */
  public Future<InitReply> init(InitRequest request, InitOptions options) {
    return vertx
        .eventBus()
        .request(Addresses.INIT, request, options.delivery())
        .transform(
            answered ->
                answered.succeeded()
                    ? replyOf(answered.result().body())
                    : Future.failedFuture(new InitFailedException(failureOf(answered.cause()))));
  }

  /** Hears of sessions on the context that this is called on, until unregistered. */
  public MessageConsumer<JsonObject> onSession(
      SessionEvent.Kind kind, Handler<SessionEvent> handler) {
    return sessions.on(kind, handler);
  }

  private static Future<InitReply> replyOf(Object body) {
    if (body instanceof InitReply reply) {
      return Future.succeededFuture(reply);
    }
    InitFailure failure =
        body instanceof InitOutcome.Denied denied
            ? denied.failure()
            : InitFailure.of(Problem.INTERNAL, "The gateway gave no answer that is known.");
    return Future.failedFuture(new InitFailedException(failure));
  }

  private static InitFailure failureOf(Throwable cause) {
    ReplyFailure why = cause instanceof ReplyException e ? e.failureType() : ReplyFailure.ERROR;
    return switch (why) {
      case NO_HANDLERS ->
          InitFailure.notSent(Problem.DRAINING, "The gateway is not running.")
              .withRetryAfter(Duration.ofSeconds(1));
      case TIMEOUT ->
          InitFailure.of(Problem.DEADLINE_EXCEEDED, "The gateway did not answer in time.")
              .withOutcome(Outcome.UNKNOWN);
      default ->
          InitFailure.of(Problem.INTERNAL, "The request could not be handed over.")
              .withOutcome(Outcome.UNKNOWN);
    };
  }
}
