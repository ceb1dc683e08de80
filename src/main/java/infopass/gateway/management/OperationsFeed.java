package infopass.gateway.management;

import infopass.gateway.http.Exchange;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The state of this process, told once a second to everybody who watches, from one timer. Belongs
 * to the event loop that {@link #open} was called on; {@link #end} may come from any thread.
 */
public final class OperationsFeed {
  /** Most viewers at once. */
  public static final int MOST_VIEWERS = 16;

  private static final long EVERY_MILLIS = 1_000;

  /** Events that a viewer may miss in a row because it does not read. */
  private static final int MOST_MISSED = 30;

  private final Supplier<JsonObject> state;
  private final Runnable look;
  private final Map<HttpServerResponse, Viewer> viewers = new LinkedHashMap<>();
  private volatile Context own;
  private boolean ended;

  private static final class Viewer {
    private int missed;
  }

  /**
   * @param state how things stand; called once a second while anybody watches
   * @param look notices what has changed; called once a second while nobody does, on the event loop
   *     that serves requests, where it must cost next to nothing
   */
  public OperationsFeed(Supplier<JsonObject> state, Runnable look) {
    this.state = state;
    this.look = look;
  }

  /** Starts the clock; it stops with the verticle that this is called in. */
  void open(Vertx vertx) {
    own = vertx.getOrCreateContext();
    vertx.setPeriodic(EVERY_MILLIS, tick -> tick());
  }

  JsonObject state() {
    return state.get();
  }

  boolean full() {
    return ended || viewers.size() >= MOST_VIEWERS;
  }

  /** Adds a viewer, who is told at once. */
  void add(Exchange exchange) {
    HttpServerResponse response = exchange.stream("text/event-stream");
    viewers.put(response, new Viewer());
    exchange.whenStreamEnds(() -> viewers.remove(response));
    response.write(Buffer.buffer("retry: 1000\n").appendBuffer(event(state.get())));
  }

  /** Ends all streams: an open one would hold up the end of the process. */
  public Future<Void> end() {
    Context context = own;
    if (context == null) {
      return Future.succeededFuture();
    }
    Promise<Void> over = Promise.promise();
    context.runOnContext(
        now -> {
          ended = true;
          List.copyOf(viewers.keySet()).forEach(HttpServerResponse::end);
          over.complete();
        });
    return over.future();
  }

  void tick() {
    if (viewers.isEmpty()) {
      look.run();
      return;
    }
    Buffer event = event(state.get());
    for (Map.Entry<HttpServerResponse, Viewer> each : new ArrayList<>(viewers.entrySet())) {
      HttpServerResponse response = each.getKey();
      if (!response.writeQueueFull()) {
        each.getValue().missed = 0;
        response.write(event);
      } else if (++each.getValue().missed >= MOST_MISSED) {
        response.reset();
      }
    }
  }

  private static Buffer event(JsonObject state) {
    return Buffer.buffer("event: state\ndata: " + state.encode() + "\n\n");
  }
}
