package infopass.gateway.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.IntConsumer;

/** One listener of the sandbox; several share the port. */
final class SandboxVerticle extends VerticleBase {

  private final HttpServerOptions options;
  private final Handler<HttpServerRequest> routes;
  private final IntConsumer onPort;
  private HttpServer server;

  /**
   * @param onPort told the port that is listened on; thread-safe
   */
  SandboxVerticle(
      HttpServerOptions options, Handler<HttpServerRequest> routes, IntConsumer onPort) {
    this.options = options;
    this.routes = routes;
    this.onPort = onPort;
  }

  @Override
  public Future<?> start() {
    server = vertx.createHttpServer(options).requestHandler(routes);
    return server.listen().onSuccess(listening -> onPort.accept(listening.actualPort()));
  }

  /** At once: those who hang are not waited for. */
  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }
}
