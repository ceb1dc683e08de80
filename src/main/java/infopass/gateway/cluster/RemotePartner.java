package infopass.gateway.cluster;

import infopass.gateway.bus.InitBus;
import infopass.gateway.cluster.ClusterConfig.Role;
import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Asks a client node for an init, where this process has no client instance: the one of those that
 * serve which has the fewest of our calls. A node that is lost in the middle is not waited for, and
 * another is asked, if that is allowed: which is counted as a possible duplicate. Thread-safe.
 */
final class RemotePartner implements InitBus.Elsewhere {
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** Nodes that one request may be refused by, or lost with. */
  private static final int MAX_NODES = 4;

  private final Vertx vertx;
  private final Roster roster;
  private final Conversation conversation;
  private final boolean againAfterLoss;
  private final ClusterCounters counters;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final AtomicLong calls = new AtomicLong();
  private final Map<String, Set<Pending>> pending = new ConcurrentHashMap<>();

  /** A call that a node has not answered. */
  private record Pending(Context asker, Promise<Message<Handback>> answer) {
    private void lost() {
      asker.runOnContext(
          v -> answer.tryFail(new ReplyException(ReplyFailure.ERROR, "the node was lost")));
    }
  }

  /** Whom else to ask, and what has become of the attempts so far. */
  private record Try(InitCommand command, Set<String> asked, Outcome soFar) {}

  /**
   * @param againAfterLoss whether a request may be sent again whose fate is not known
   */
  RemotePartner(
      Vertx vertx,
      Roster roster,
      Conversation conversation,
      boolean againAfterLoss,
      ClusterCounters counters,
      Clock clock,
      LongSupplier nanoTime) {
    this.vertx = vertx;
    this.roster = roster;
    this.conversation = conversation;
    this.againAfterLoss = againAfterLoss;
    this.counters = counters;
    this.clock = clock;
    this.nanoTime = nanoTime;
    roster.onChange((came, went) -> went.forEach(this::gone));
  }

  @Override
  public Future<InitOutcome> ask(InitCommand command) {
    return ask(new Try(command, ConcurrentHashMap.newKeySet(), Outcome.NOT_SENT));
  }

  private Future<InitOutcome> ask(Try call) {
    Node node = call.asked().size() < MAX_NODES ? pick(call.asked()) : null;
    if (node == null) {
      return denied(
          InitFailure.of(Problem.OVERLOADED, "No client node can be reached.")
              .withOutcome(call.soFar())
              .withRetryAfter(Duration.ofSeconds(1)));
    }
    call.asked().add(node.id());
    Instant sent = clock.instant();
    return send(node, call.command())
        .transform(
            answered ->
                answered.succeeded()
                    ? answered(call, answered.result().body().seenFrom(sent))
                    : unanswered(call, answered.cause()));
  }

  private Future<Message<Handback>> send(Node node, InitCommand command) {
    Conversation.Version version = conversation.with(node);
    Handover message = Handover.of(roster.self(), calls.incrementAndGet(), command, nanoTime);
    long patience = command.deadline().remainingMillis(nanoTime) + GRACE.toMillis();
    DeliveryOptions options =
        new DeliveryOptions()
            .setCodecName(version.handover().name())
            .setSendTimeout(Math.max(1, patience));
    command
        .presence()
        .whenLeft(
            () ->
                vertx
                    .eventBus()
                    .send(
                        Conversation.left(node.id()),
                        Conversation.callOf(message.node(), message.call())));
    Promise<Message<Handback>> answer = Promise.promise();
    Pending one = new Pending(vertx.getOrCreateContext(), answer);
    Set<Pending> there = of(node.id());
    there.add(one);
    vertx
        .eventBus()
        .<Handback>request(version.address(node.id()), message, options)
        .onComplete(
            done -> {
              if (done.succeeded()) {
                answer.tryComplete(done.result());
              } else {
                answer.tryFail(done.cause());
              }
            });
    if (!roster.alive(node.id())) {
      one.lost(); // It left between the two: nobody else would say so.
    }
    return answer.future().onComplete(done -> there.remove(one));
  }

  private Future<InitOutcome> answered(Try call, InitOutcome outcome) {
    boolean refused =
        outcome instanceof InitOutcome.Denied denied
            && denied.failure().problem() == Problem.DRAINING
            && denied.failure().outcome() == Outcome.NOT_SENT;
    if (refused && timeLeft(call)) {
      counters.askedAgain();
      return ask(call);
    }
    counters.asked();
    return Future.succeededFuture(
        outcome instanceof InitOutcome.Denied denied
            ? new InitOutcome.Denied(worsened(denied.failure(), call.soFar()))
            : outcome);
  }

  private Future<InitOutcome> unanswered(Try call, Throwable cause) {
    ReplyFailure why = cause instanceof ReplyException e ? e.failureType() : ReplyFailure.ERROR;
    if (why == ReplyFailure.TIMEOUT) {
      counters.lost();
      return denied(
          InitFailure.of(Problem.DEADLINE_EXCEEDED, "The client node did not answer in time.")
              .withOutcome(Outcome.UNKNOWN));
    }
    boolean safe = why == ReplyFailure.NO_HANDLERS;
    if (!safe) {
      counters.lost();
    }
    if ((safe || againAfterLoss) && timeLeft(call)) {
      if (!safe) {
        counters.possibleDuplicate();
      }
      counters.askedAgain();
      return ask(safe ? call : new Try(call.command(), call.asked(), Outcome.UNKNOWN));
    }
    return denied(
        InitFailure.of(Problem.UPSTREAM_FAILED, "The client node was lost before it answered.")
            .withOutcome(safe ? call.soFar() : Outcome.UNKNOWN));
  }

  private boolean timeLeft(Try call) {
    return call.command().deadline().remainingNanos(nanoTime) > 0
        && !call.command().presence().left();
  }

  private static InitFailure worsened(InitFailure failure, Outcome soFar) {
    return failure.outcome() == null ? failure : failure.withOutcome(failure.outcome().or(soFar));
  }

  private static Future<InitOutcome> denied(InitFailure failure) {
    return Future.succeededFuture(new InitOutcome.Denied(failure));
  }

  /** Null where there is none. */
  private Node pick(Set<String> asked) {
    Node best = null;
    int fewest = Integer.MAX_VALUE;
    for (Node node : roster.nodes()) {
      boolean fit =
          node.serving()
              && node.has(Role.INFOPASS)
              && !asked.contains(node.id())
              && conversation.with(node) != null;
      int outstanding = fit ? of(node.id()).size() : Integer.MAX_VALUE;
      if (outstanding < fewest) {
        best = node;
        fewest = outstanding;
      }
    }
    return best;
  }

  private Set<Pending> of(String node) {
    return pending.computeIfAbsent(node, first -> ConcurrentHashMap.newKeySet());
  }

  private void gone(String node) {
    Set<Pending> waiting = pending.remove(node);
    if (waiting != null) {
      waiting.forEach(Pending::lost);
    }
  }
}
