package infopass.gateway.management;

import infopass.gateway.http.Endpoint;
import infopass.gateway.http.Exchange;
import infopass.gateway.http.RouteGroup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.function.Supplier;

/**
 * What this process measures, in Prometheus' text format. It is written by a worker thread, once
 * for all who ask at the same time. Belongs to one event loop.
 */
public final class MetricsRoutes implements RouteGroup {
  /** The text format that every Prometheus reads. */
  static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  private final Vertx vertx;
  private final Supplier<String> text;
  private Future<Buffer> writing;

  /**
   * @param text writes all samples; called on worker threads
   */
  public MetricsRoutes(Vertx vertx, Supplier<String> text) {
    this.vertx = vertx;
    this.text = text;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.GET, "/metrics", "What this process measures", this::answer));
  }

  private void answer(Exchange exchange) {
    Future<Buffer> asked = writing;
    if (asked == null) {
      asked = vertx.executeBlocking(() -> Buffer.buffer(text.get()));
      writing = asked;
      // Where it is written by now, this happens at once.
      asked.onComplete(done -> writing = null);
    }
    asked
        .onSuccess(
            written ->
                exchange
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .reply(200, TEXT_FORMAT, written))
        .onFailure(exchange::broken);
  }
}
