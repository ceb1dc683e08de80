package infopass.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** How an answer is ended, and with it, where that is called for, its connection. Stateless. */
final class AnswerEnd {
  private static final long NO_ERROR = 0;

  /** Longest time for the windows of HTTP/2 to let an answer through. */
  private static final long TAKEN_MILLIS = 10_000;

  private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");

  private AnswerEnd() {}

  /**
   * Ends the answer, whose status and fields are set.
   *
   * @param last whether it has to be the last on this connection
   * @param body the request's, where somebody reads it; null where nobody does
   */
  static void send(
      Exchange exchange, Listener listener, Buffer content, boolean last, RequestBody body) {
    HttpServerRequest request = exchange.request();
    HttpServerResponse response = request.response();
    HttpConnection connection = request.connection();
    boolean http1 = request.version() != HttpVersion.HTTP_2;
    boolean stopping = listener.lifecycle().stopping();
    boolean unread = !request.isEnded();
    boolean close =
        last || stopping || unread && !RequestBody.small(request) || http1 && isLast(request);
    if (close && http1) {
      response.putHeader(HttpHeaders.CONNECTION, CLOSE);
      listener.ending().add(connection);
    }
    if (!http1 && stopping && listener.ending().add(connection)) {
      // The way of HTTP/2 to say "close" (RFC 9113 section 6.8): nothing is refused by it, so that
      // no request is lost that is on its way. Those that still come are answered.
      connection.goAway(NO_ERROR, Integer.MAX_VALUE);
    }
    Future<Void> written = response.end(content);
    if (!http1) {
      cutWhereNotTaken(connection, content, written);
    }
    if (unread) {
      // The caller is still sending. Closing at once would reset the connection before the answer
      // is read, so the rest is read and thrown away, within bounds, first.
      (body == null ? RequestBody.none(exchange) : body).discard(close);
    } else if (close && http1) {
      written.onComplete(done -> connection.close());
    }
  }

  /** Whether the caller said that nothing follows (RFC 9112 section 9.6), beside other options. */
  private static boolean isLast(HttpServerRequest request) {
    String connection = request.getHeader(HttpHeaders.CONNECTION);
    return connection != null
        && TokenList.contains(request.headers().getAll(HttpHeaders.CONNECTION), "close");
  }

  /** On HTTP/1 the channel's own buffer shows who does not read; here answers wait before it. */
  private static void cutWhereNotTaken(
      HttpConnection connection, Buffer content, Future<Void> written) {
    if (!written.isComplete()) {
      Wire.blocked(connection, content.length(), written);
      Vertx vertx = Vertx.currentContext().owner();
      long timer = vertx.setTimer(TAKEN_MILLIS, late -> Wire.cut(connection));
      written.onComplete(done -> vertx.cancelTimer(timer));
    }
  }
}
