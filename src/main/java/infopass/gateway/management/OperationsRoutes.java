package infopass.gateway.management;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.http.Endpoint;
import infopass.gateway.http.Exchange;
import infopass.gateway.http.RouteGroup;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** What the operations page asks for. Belongs to one event loop. */
public final class OperationsRoutes implements RouteGroup {
  private static final Duration COME_BACK = Duration.ofSeconds(5);

  private final OperationsFeed feed;
  private final Supplier<JsonArray> configuration;

  /**
   * Call it on the event loop.
   *
   * @param configuration rows of key and value, without secrets
   */
  public OperationsRoutes(Vertx vertx, OperationsFeed feed, Supplier<JsonArray> configuration) {
    this.feed = feed;
    this.configuration = configuration;
    feed.open(vertx);
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        get("/operations/events", "How things stand, once a second", this::events),
        get("/operations/state", "How things stand now", this::state),
        get("/operations/configuration", "What is configured, without secrets", this::settings));
  }

  private static Endpoint get(String path, String summary, Handler<Exchange> handler) {
    return new Endpoint(HttpMethod.GET, path, summary, handler);
  }

  private void events(Exchange exchange) {
    if (exchange.request().method() == HttpMethod.HEAD) {
      fresh(exchange).reply(200, "text/event-stream", Buffer.buffer());
    } else if (feed.full()) {
      exchange.fail(
          InitFailure.of(Problem.OVERLOADED, "Too many pages are watching.")
              .withRetryAfter(COME_BACK));
    } else {
      feed.add(fresh(exchange).header("X-Accel-Buffering", "no"));
    }
  }

  private void state(Exchange exchange) {
    fresh(exchange).reply(200, "application/json", feed.state().toBuffer());
  }

  private void settings(Exchange exchange) {
    fresh(exchange).reply(200, "application/json", configuration.get().toBuffer());
  }

  private static Exchange fresh(Exchange exchange) {
    return exchange.header(HttpHeaders.CACHE_CONTROL, "no-store");
  }
}
