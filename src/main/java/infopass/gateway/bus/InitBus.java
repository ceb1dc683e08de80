package infopass.gateway.bus;

import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conversation between the doors and the partner side: a command goes out, an outcome comes
 * back, as immutable records that stay in this process wherever it has client instances.
 *
 * <p>A command goes to the client instance of the asker's own event loop where there is one, and to
 * any other of this process where there is none. Thread-safe: share one per {@link Vertx}.
 */
public final class InitBus {
  /** How long the partner side may overrun the deadline before it is given up as lost. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(InitBus.class);

  private final Vertx vertx;
  private final LongSupplier nanoTime;
  private final Elsewhere elsewhere;
  private final Loops loops = new Loops();

  /** Client instances of other processes, for where this one has none. */
  @FunctionalInterface
  public interface Elsewhere {
    /** Asks, on the context that this is called on. Never fails. */
    Future<InitOutcome> ask(InitCommand command);
  }

  public InitBus(Vertx vertx, LongSupplier nanoTime) {
    this(vertx, nanoTime, null);
  }

  /**
   * @param elsewhere asked where this process has no client instance; null where there is nobody
   */
  public InitBus(Vertx vertx, LongSupplier nanoTime, Elsewhere elsewhere) {
    this.vertx = vertx;
    this.nanoTime = nanoTime;
    this.elsewhere = elsewhere;
    LocalRecordCodec.register(vertx.eventBus(), InitCommand.class);
    LocalRecordCodec.register(vertx.eventBus(), InitOutcome.Granted.class);
    LocalRecordCodec.register(vertx.eventBus(), InitOutcome.Denied.class);
  }

  /** One asker's end of the conversation; belongs to the event loop that made it. */
  public final class Asker {
    private final String key;
    private final String own;

    private Asker(Context context) {
      key = Loops.keyOf(context);
      own = Addresses.partnerOf(key);
    }

    /**
     * Asks. Never fails: that nobody answers is an outcome too, a second after the deadline at the
     * latest.
     */
    public Future<InitOutcome> ask(InitCommand command) {
      boolean local = loops.served(key);
      if (!local && elsewhere != null && loops.none()) {
        return elsewhere.ask(command);
      }
      long patience = command.deadline().remainingMillis(nanoTime) + GRACE.toMillis();
      DeliveryOptions options =
          new DeliveryOptions().setLocalOnly(true).setSendTimeout(Math.max(1, patience));
      String address = local ? own : Addresses.PARTNER;
      return vertx
          .eventBus()
          .<InitOutcome>request(address, command, options)
          .transform(
              done ->
                  Future.succeededFuture(
                      done.succeeded() ? done.result().body() : unanswered(done.cause())));
    }
  }

  /** The asker's end for the context that this is called on. */
  public Asker asker() {
    return new Asker(vertx.getOrCreateContext());
  }

  /**
   * The partner's end: answers commands on the context that this is called on, until the returned
   * registration is closed.
   *
   * @param handler must complete within the command's deadline; its failure is a bug
   */
  public Registration serve(Function<InitCommand, Future<InitOutcome>> handler) {
    String key = Loops.keyOf(vertx.getOrCreateContext());
    MessageConsumer<InitCommand> own = consume(Addresses.partnerOf(key), handler);
    MessageConsumer<InitCommand> shared = consume(Addresses.PARTNER, handler);
    loops.add(key);
    return () -> {
      loops.remove(key);
      return Future.join(own.unregister(), shared.unregister()).mapEmpty();
    };
  }

  /** Ends a registration. */
  @FunctionalInterface
  public interface Registration {
    Future<Void> close();
  }

  private MessageConsumer<InitCommand> consume(
      String address, Function<InitCommand, Future<InitOutcome>> handler) {
    return vertx
        .eventBus()
        .localConsumer(
            address,
            message ->
                outcome(handler, message.body())
                    .onComplete(message::reply, cause -> broken(message, cause)));
  }

  private static Future<InitOutcome> outcome(
      Function<InitCommand, Future<InitOutcome>> handler, InitCommand command) {
    try {
      return handler.apply(command);
    } catch (RuntimeException bug) {
      return Future.failedFuture(bug);
    }
  }

  private static void broken(Message<InitCommand> message, Throwable cause) {
    LOG.atError()
        .addKeyValue("correlationId", message.body().correlationId())
        .setCause(cause)
        .log("unexpected failure on the partner side");
    message.fail(500, "internal");
  }

  private static InitOutcome unanswered(Throwable cause) {
    ReplyFailure why = cause instanceof ReplyException e ? e.failureType() : ReplyFailure.ERROR;
    return new InitOutcome.Denied(
        switch (why) {
          case NO_HANDLERS ->
              InitFailure.notSent(Problem.OVERLOADED, "No client instance is running.")
                  .withRetryAfter(Duration.ofSeconds(1));
          case TIMEOUT ->
              InitFailure.of(Problem.DEADLINE_EXCEEDED, "The partner side did not answer in time.")
                  .withOutcome(Outcome.UNKNOWN);
          default ->
              InitFailure.of(Problem.INTERNAL, "Report the correlation id to the operator.")
                  .withOutcome(Outcome.UNKNOWN);
        });
  }
}
