package infopass.gateway.bus;

import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.logging.LogLimit;
import infopass.gateway.resilience.TimerWheel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageProducer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The conversation between the doors and the partner side: a command goes out, an outcome comes
 * back, as immutable records that stay in this process wherever it has client instances. The
 * command is a message; its outcome completes a promise on the context of the asker.
 *
 * <p>A command goes to the client instance of the asker's own event loop where there is one, and to
 * any other of this process where there is none. Thread-safe: share one per {@link Vertx}.
 */
public final class InitBus {
  /** How long the partner side may overrun the deadline before it is given up as lost. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(InitBus.class);
  private static final LogLimit LIMIT = new LogLimit();

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
    LocalRecordCodec.register(vertx.eventBus(), Question.class);
  }

  /**
   * A command and where its outcome goes. An answer that came as a message would need an address of
   * its own, a registration there and a timer for each command.
   *
   * @param answer completes on the context of the asker
   */
  public record Question(InitCommand command, Promise<InitOutcome> answer) {}

  /** One asker's end of the conversation; belongs to the event loop that made it. */
  public final class Asker {
    private final String key;
    private final MessageProducer<Question> own;
    private final MessageProducer<Question> any;
    private final Map<String, MessageProducer<Question>> others = new HashMap<>();
    private final TimerWheel timers =
        new TimerWheel(nanoTime, (millis, run) -> vertx.setTimer(millis, on -> run.run()));

    private Asker(Context context) {
      key = Loops.keyOf(context);
      DeliveryOptions local = new DeliveryOptions().setLocalOnly(true);
      own = vertx.eventBus().sender(Addresses.partnerOf(key), local);
      any = vertx.eventBus().sender(Addresses.PARTNER, local);
    }

    /**
     * Asks. Never fails: that nobody answers is an outcome too, a second after the deadline at the
     * latest.
     */
    public Future<InitOutcome> ask(InitCommand command) {
      Loops.Lane lane = loops.take(key);
      if (lane == null && elsewhere != null && loops.none()) {
        return elsewhere.ask(command);
      }
      Promise<InitOutcome> answer = Loops.promise(vertx);
      Limit limit = new Limit(command, answer);
      limit.arm();
      sender(lane)
          .write(new Question(command, answer))
          .onFailure(nobody -> answer.tryComplete(unheard()));
      if (lane == null) {
        return answer.future().onComplete(done -> limit.timeout.cancel());
      }
      return answer
          .future()
          .onComplete(
              done -> {
                lane.end();
                limit.timeout.cancel();
              });
    }

    private MessageProducer<Question> sender(Loops.Lane lane) {
      if (lane == null) {
        return any;
      }
      return lane.key().equals(key)
          ? own
          : others.computeIfAbsent(
              lane.key(),
              there ->
                  vertx
                      .eventBus()
                      .sender(
                          Addresses.partnerOf(there), new DeliveryOptions().setLocalOnly(true)));
    }

    /** Ends the wait soon after the command's deadline, which may have moved back by then. */
    private final class Limit implements Runnable {
      private final InitCommand command;
      private final Promise<InitOutcome> answer;
      private TimerWheel.Timeout timeout;

      private Limit(InitCommand command, Promise<InitOutcome> answer) {
        this.command = command;
        this.answer = answer;
      }

      private void arm() {
        long patience = command.deadline().remainingMillis(nanoTime) + GRACE.toMillis();
        timeout = timers.after(patience, this);
      }

      @Override
      public void run() {
        if (command.deadline().remainingNanos(nanoTime) > 0) {
          arm();
        } else {
          answer.tryComplete(late());
        }
      }
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
    return serve(handler, Integer.MAX_VALUE);
  }

  /**
   * As {@link #serve(Function)}.
   *
   * @param places how many calls it can have at the partner at once; beyond them the other loops
   *     are asked that have some left
   */
  public Registration serve(Function<InitCommand, Future<InitOutcome>> handler, int places) {
    Context context = vertx.getOrCreateContext();
    String key = Loops.keyOf(context);
    MessageConsumer<Question> own = consume(Addresses.partnerOf(key), handler);
    MessageConsumer<Question> shared = consume(Addresses.PARTNER, handler);
    loops.add(key, places);
    return () -> {
      loops.remove(key);
      Promise<Void> closed = Promise.promise();
      // In a later turn: what is on its way here arrives first. Past that Vert.x drops it unheard.
      context.runOnContext(
          turn ->
              Future.join(own.unregister(), shared.unregister())
                  .<Void>mapEmpty()
                  .onComplete(closed));
      return closed.future();
    };
  }

  /** Ends a registration. */
  @FunctionalInterface
  public interface Registration {
    Future<Void> close();
  }

  private MessageConsumer<Question> consume(
      String address, Function<InitCommand, Future<InitOutcome>> handler) {
    return vertx
        .eventBus()
        .localConsumer(
            address,
            message -> {
              Question question = message.body();
              outcome(handler, question.command())
                  .onComplete(question.answer()::tryComplete, cause -> broken(question, cause));
            });
  }

  private static Future<InitOutcome> outcome(
      Function<InitCommand, Future<InitOutcome>> handler, InitCommand command) {
    try {
      return handler.apply(command);
    } catch (RuntimeException bug) {
      return Future.failedFuture(bug);
    }
  }

  private static void broken(Question question, Throwable cause) {
    LIMIT
        .line(LOG, Level.ERROR, cause.getClass())
        .addKeyValue("correlationId", question.command().correlationId())
        .setCause(cause)
        .log("unexpected failure on the partner side");
    question
        .answer()
        .tryComplete(
            denied(
                InitFailure.of(Problem.INTERNAL, "Report the correlation id to the operator.")
                    .withOutcome(Outcome.UNKNOWN)));
  }

  private static InitOutcome unheard() {
    return denied(
        InitFailure.notSent(Problem.OVERLOADED, "No client instance is running.")
            .withRetryAfter(Duration.ofSeconds(1)));
  }

  private static InitOutcome late() {
    return denied(
        InitFailure.of(Problem.DEADLINE_EXCEEDED, "The partner side did not answer in time.")
            .withOutcome(Outcome.UNKNOWN));
  }

  private static InitOutcome denied(InitFailure failure) {
    return new InitOutcome.Denied(failure);
  }
}
