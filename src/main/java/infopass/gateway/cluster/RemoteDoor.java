package infopass.gateway.cluster;

import infopass.gateway.bus.InitBus;
import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Takes inits that other nodes hand over, and gives them to the client instance of its own event
 * loop. Admission, draining and the deadline hold as for requests of this node's own. Deploy one
 * per event loop.
 */
final class RemoteDoor extends VerticleBase {
  private final String node;
  private final Conversation conversation;
  private final Gate gate;
  private final InitBus bus;
  private final Duration longest;
  private final Map<String, CallerPresence> present;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final List<MessageConsumer<?>> consumers = new ArrayList<>();
  private InitBus.Asker partner;

  /**
   * Who is let in.
   *
   * @param draining whether nobody is any more
   * @param enter takes a place; false where there is none
   * @param leave gives it back
   */
  record Gate(BooleanSupplier draining, BooleanSupplier enter, Runnable leave) {}

  /**
   * @param longest that a request may take here
   * @param present callers of what is being worked on, on all event loops
   */
  RemoteDoor(
      String node,
      Conversation conversation,
      Gate gate,
      InitBus bus,
      Duration longest,
      Map<String, CallerPresence> present,
      Clock clock,
      LongSupplier nanoTime) {
    this.node = node;
    this.conversation = conversation;
    this.gate = gate;
    this.bus = bus;
    this.longest = longest;
    this.present = present;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  @Override
  public Future<?> start() {
    partner = bus.asker();
    for (Conversation.Version version : conversation.versions()) {
      consumers.add(
          vertx
              .eventBus()
              .<Handover>consumer(
                  version.address(node), message -> take(message, version.handback().name())));
    }
    consumers.add(
        vertx
            .eventBus()
            .<String>consumer(Conversation.left(node), message -> left(message.body())));
    return Future.join(consumers.stream().map(MessageConsumer::completion).toList());
  }

  private void take(Message<Handover> message, String codec) {
    Instant arrived = clock.instant();
    answer(message.body())
        .onSuccess(
            outcome ->
                message.reply(
                    Handback.of(outcome, arrived), new DeliveryOptions().setCodecName(codec)))
        .onFailure(bug -> message.fail(500, Problem.INTERNAL.slug()));
  }

  private Future<InitOutcome> answer(Handover handover) {
    if (gate.draining().getAsBoolean()) {
      return denied(InitFailure.notSent(Problem.DRAINING, "This node is being stopped."));
    }
    if (!gate.enter().getAsBoolean()) {
      return denied(
          InitFailure.notSent(Problem.OVERLOADED, "Too many requests are in flight.")
              .withRetryAfter(Duration.ofSeconds(1)));
    }
    if (handover.budget().isZero()) {
      gate.leave().run();
      return denied(
          InitFailure.of(Problem.DEADLINE_EXCEEDED, "The time was up before a client node had it.")
              .withOutcome(Outcome.NOT_SENT));
    }
    String call = Conversation.callOf(handover.node(), handover.call());
    CallerPresence presence = new CallerPresence();
    present.put(call, presence);
    return partner
        .ask(handover.command(longest, presence, nanoTime))
        .onComplete(
            done -> {
              present.remove(call);
              gate.leave().run();
            });
  }

  private void left(String call) {
    CallerPresence presence = present.get(call);
    if (presence != null) {
      presence.leave();
    }
  }

  private static Future<InitOutcome> denied(InitFailure failure) {
    return Future.succeededFuture(new InitOutcome.Denied(failure));
  }
}
