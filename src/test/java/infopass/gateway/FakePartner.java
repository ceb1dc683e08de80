package infopass.gateway;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A partner that answers nothing by itself: the test is told of each request and decides when and
 * how it ends. Requests are known by their correlation id.
 */
final class FakePartner implements AutoCloseable {
  static final String LINK =
      "{\"code\":\"0x0200\",\"message\":\"Record found successful.\",\"status\":\"SUCCESS\","
          + "\"data\":{\"clientId\":\"digilocker_abc\",\"token\":\"t\","
          + "\"url\":\"https://digilocker-sdk.notbot.in/?token=t\",\"expirySeconds\":600}}";

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpServer server;
  private final List<Held> received = new CopyOnWriteArrayList<>();
  private final Map<String, Promise<Held>> arrivals = new ConcurrentHashMap<>();

  FakePartner() {
    server =
        RunningGateway.await(
            vertx.createHttpServer().requestHandler(this::hold).listen(0, "127.0.0.1"));
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Everything that arrived whole, in that order. */
  List<Held> received() {
    return received;
  }

  /** Completes when the request with this correlation id has arrived, for the first time. */
  Future<Held> arrival(String correlationId) {
    return promise(correlationId).future();
  }

  /** A request that waits for what the test makes of it. */
  record Held(HttpServerRequest request, Buffer body) {
    String correlationId() {
      return request.getHeader("X-Correlation-Id");
    }

    /** The connection, by the port at its other end. */
    int connection() {
      return request.remoteAddress().port();
    }

    void answer(int status, String document) {
      request
          .response()
          .setStatusCode(status)
          .putHeader("Content-Type", "application/json")
          .end(document);
    }

    void grant() {
      answer(200, LINK);
    }

    void reset() {
      request.connection().close();
    }
  }

  private void hold(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              Held held = new Held(request, body);
              received.add(held);
              promise(held.correlationId()).tryComplete(held);
            });
  }

  private Promise<Held> promise(String correlationId) {
    return arrivals.computeIfAbsent(correlationId, id -> Promise.promise());
  }

  @Override
  public void close() {
    RunningGateway.await(vertx.close());
  }
}
