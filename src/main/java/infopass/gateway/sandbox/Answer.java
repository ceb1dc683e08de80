package infopass.gateway.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What goes onto the wire for one request. The results of writes are dropped on purpose: if the
 * client has gone there is nobody left to tell.
 */
sealed interface Answer {

  CharSequence JSON = HttpHeaders.createOptimized("application/json");

  /** What the journal calls it: the status, or what happens to the connection. */
  String label();

  /** Sends it; on the event loop of the request. */
  void send(HttpServerRequest request, Vertx vertx);

  static Answer json(int status, String document) {
    return new Whole(status, JSON, document, Map.of());
  }

  /** A complete HTTP response, whatever its body looks like. */
  record Whole(int status, CharSequence contentType, String body, Map<String, String> headers)
      implements Answer {

    @Override
    public String label() {
      return Integer.toString(status);
    }

    @Override
    public void send(HttpServerRequest request, Vertx vertx) {
      HttpServerResponse response = request.response().setStatusCode(status);
      headers.forEach(response::putHeader);
      if (status == 204 || status == 304) {
        response.end();
      } else {
        response.putHeader(HttpHeaders.CONTENT_TYPE, contentType).end(bytes(body));
      }
    }
  }

  /** The connection is reset before any byte of a response. */
  record Reset() implements Answer {
    @Override
    public String label() {
      return "reset";
    }

    @Override
    public void send(HttpServerRequest request, Vertx vertx) {
      Abort.reset(request);
    }
  }

  /** The head and half of the body, then a reset. */
  record ResetAfter(String body) implements Answer {

    /** Lets the first half reach the client, whose system would else be free to discard it. */
    private static final long PAUSE_MILLIS = 20;

    @Override
    public String label() {
      return "reset-after";
    }

    @Override
    public void send(HttpServerRequest request, Vertx vertx) {
      begin(request, body)
          .write(bytes(body.substring(0, body.length() / 2)))
          .onSuccess(written -> vertx.setTimer(PAUSE_MILLIS, id -> Abort.reset(request)));
    }
  }

  /** Nothing, until the client gives up or the connection has been idle for too long. */
  record Hang() implements Answer {
    @Override
    public String label() {
      return "hang";
    }

    @Override
    public void send(HttpServerRequest request, Vertx vertx) {}
  }

  /** The head at once, then the body a byte at a time. */
  record Drip(String body, long intervalMillis) implements Answer {
    @Override
    public String label() {
      return "drip";
    }

    @Override
    public void send(HttpServerRequest request, Vertx vertx) {
      HttpServerResponse response = begin(request, body);
      int[] next = {0};
      vertx.setPeriodic(
          intervalMillis,
          id -> {
            int index = next[0]++;
            if (response.closed() || index >= body.length()) {
              vertx.cancelTimer(id);
            } else if (index == body.length() - 1) {
              response.end(bytes(body.substring(index)));
            } else {
              response.write(bytes(body.substring(index, index + 1)));
            }
          });
    }
  }

  private static HttpServerResponse begin(HttpServerRequest request, String body) {
    return request
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
  }

  /** Everything that the sandbox says is ASCII. */
  private static Buffer bytes(String text) {
    return Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
