package infopass.gateway.http;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the endpoint for a request: exact paths by one look-up, templates by Vert.x Web's router;
 * 404 and 405 for the rest. Belongs to one event loop.
 */
final class Routes {
  /** The methods served at one path, and the value of Allow. */
  private record Path(String path, Map<HttpMethod, Endpoint> byMethod) {
    /** HEAD is answered as GET, without the body (RFC 9110 section 9.3.2). */
    Endpoint endpointFor(HttpMethod method) {
      return byMethod.get(method == HttpMethod.HEAD ? HttpMethod.GET : method);
    }

    String allow() {
      Stream<String> methods = byMethod.keySet().stream().map(HttpMethod::name);
      Stream<String> head = byMethod.containsKey(HttpMethod.GET) ? Stream.of("HEAD") : Stream.of();
      return Stream.concat(methods, head).collect(Collectors.joining(", "));
    }
  }

  private final Map<String, Path> exact = new HashMap<>();
  private final Router templates;

  /** What stands before the parameter of each template. */
  private final Map<String, Path> prefixes = new LinkedHashMap<>();

  private final Function<HttpServerRequest, Exchange> exchanges;

  Routes(Vertx vertx, List<RouteGroup> groups, Function<HttpServerRequest, Exchange> exchanges) {
    this.exchanges = exchanges;
    this.templates = Router.router(vertx);
    Map<String, Path> paths = new LinkedHashMap<>();
    for (RouteGroup group : groups) {
      for (Endpoint endpoint : group.endpoints()) {
        add(paths, endpoint);
      }
    }
    for (Path path : paths.values()) {
      if (path.byMethod().values().iterator().next().exact()) {
        exact.put(path.path(), path);
      } else {
        prefixes.put(path.path().substring(0, path.path().indexOf(':')), path);
        templates
            .route(path.path())
            .handler(
                context ->
                    serve(path, exchanges.apply(context.request()).with(context.pathParams())));
      }
    }
    templates.route().handler(context -> notFound(exchanges.apply(context.request())));
    templates
        .route()
        .failureHandler(context -> exchanges.apply(context.request()).broken(context.failure()));
    templates.errorHandler(400, context -> badTarget(exchanges.apply(context.request())));
  }

  void handle(HttpServerRequest request) {
    if (RequestGuard.isServerWide(request)) {
      allowed(exchanges.apply(request), "GET, HEAD, POST, OPTIONS");
      return;
    }
    Path path = exact.get(request.path());
    if (path != null) {
      serve(path, exchanges.apply(request));
    } else {
      templates.handle(request);
    }
  }

  private static void add(Map<String, Path> paths, Endpoint endpoint) {
    Path path = paths.computeIfAbsent(endpoint.path(), key -> new Path(key, new LinkedHashMap<>()));
    if (path.byMethod().putIfAbsent(endpoint.method(), endpoint) != null) {
      throw new IllegalStateException(
          endpoint.method() + " " + endpoint.path() + " is served twice");
    }
  }

  private void serve(Path path, Exchange exchange) {
    exchange.at(path.path());
    Endpoint endpoint = path.endpointFor(exchange.request().method());
    if (endpoint == null && exchange.request().method() == HttpMethod.OPTIONS) {
      allowed(exchange, path.allow() + ", OPTIONS");
      return;
    }
    if (endpoint == null) {
      exchange
          .header("Allow", path.allow())
          .fail(InitFailure.of(Problem.METHOD_NOT_ALLOWED, "Allowed here: " + path.allow() + "."));
      return;
    }
    try {
      endpoint.handler().handle(exchange);
    } catch (RuntimeException e) {
      exchange.broken(e);
    }
  }

  /** What can be asked there (RFC 9110 section 9.3.7). */
  private static void allowed(Exchange exchange, String methods) {
    exchange.header("Allow", methods).reply(204, null, Buffer.buffer());
  }

  private static void notFound(Exchange exchange) {
    exchange.fail(InitFailure.of(Problem.NOT_FOUND, "Nothing is served at this path."));
  }

  /** The escapes of its path or query cannot be decoded: for an endpoint they are missing then. */
  private void badTarget(Exchange exchange) {
    String target = exchange.request().path();
    for (Map.Entry<String, Path> template : prefixes.entrySet()) {
      if (target != null && target.startsWith(template.getKey())) {
        serve(template.getValue(), exchange.with(Map.of()));
        return;
      }
    }
    exchange.fail(InitFailure.of(Problem.INVALID_REQUEST, "The request target is malformed."));
  }
}
