package infopass.gateway.bus;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Publishes what happens to sessions, and hears it. Thread-safe. */
public final class SessionBus {
  private final Vertx vertx;
  private final Predicate<String> quiet;
  private final LongAdder[] published =
      Stream.generate(LongAdder::new)
          .limit(SessionEvent.Kind.values().length)
          .toArray(LongAdder[]::new);

  public SessionBus(Vertx vertx) {
    this(vertx, address -> false);
  }

  /**
   * @param quiet whether it is known that nobody listens at an address
   */
  public SessionBus(Vertx vertx, Predicate<String> quiet) {
    this.vertx = vertx;
    this.quiet = quiet;
  }

  /**
   * Tells every consumer, as JSON; makes none where it is known that there is no consumer.
   * Consumers run on their own contexts: none delays this.
   */
  public void publish(SessionEvent event) {
    published[event.kind().ordinal()].increment();
    String address = event.kind().address();
    if (!quiet.test(address)) {
      vertx.eventBus().publish(address, event.toJson());
    }
  }

  /** How many events of this kind happened here, those that nobody listened for included. */
  public long published(SessionEvent.Kind kind) {
    return published[kind.ordinal()].sum();
  }

  /** Hears of one kind of event on the context that this is called on, until unregistered. */
  public MessageConsumer<JsonObject> on(SessionEvent.Kind kind, Handler<SessionEvent> handler) {
    return vertx
        .eventBus()
        .consumer(kind.address(), message -> handler.handle(SessionEvent.of(kind, message.body())));
  }
}
