package infopass.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import java.util.Objects;

/**
 * One thing that is served.
 *
 * @param method the method it answers; others on the same path get 405 with {@code Allow}
 * @param path an exact path, or a template with segments such as {@code :slug}
 * @param summary what it does, in a line, for people
 * @param handler answers the exchange, at once or later, exactly once
 */
public record Endpoint(HttpMethod method, String path, String summary, Handler<Exchange> handler) {

  public Endpoint {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(summary, "summary");
    Objects.requireNonNull(handler, "handler");
  }

  boolean exact() {
    return path.indexOf(':') < 0;
  }
}
