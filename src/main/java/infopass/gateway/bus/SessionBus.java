package infopass.gateway.bus;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;

/** Publishes what happens to sessions, and hears it. Thread-safe. */
public final class SessionBus {
  private final Vertx vertx;

  public SessionBus(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Tells every consumer, as JSON. Consumers run on their own contexts: none delays this. */
  public void publish(SessionEvent event) {
    vertx.eventBus().publish(event.kind().address(), event.toJson());
  }

  /** Hears of one kind of event on the context that this is called on, until unregistered. */
  public MessageConsumer<JsonObject> on(SessionEvent.Kind kind, Handler<SessionEvent> handler) {
    return vertx
        .eventBus()
        .consumer(kind.address(), message -> handler.handle(SessionEvent.of(kind, message.body())));
  }
}
