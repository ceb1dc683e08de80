package infopass.gateway.http;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.resilience.TimerWheel;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/**
 * Reads one request's body within a limit of bytes and of time, or throws it away within limits.
 * Belongs to the event loop of its connection.
 */
final class RequestBody {
  /** Most that is read of a body nobody wants, so that the answer is seen before the close. */
  private static final long DISCARD_BYTES = 16 * 1024 * 1024;

  private static final long DISCARD_MILLIS = 2_000;

  /** The same, where it was too slow before: the connection is closed when its time is over. */
  private static final long LATE_DISCARD_MILLIS = 250;

  private static final int LATE_SHARE = 10;

  /** A body announced as no larger than this is read to its end, to keep the connection. */
  private static final long SMALL_BYTES = 64 * 1024;

  /** HTTP/2's error code for a stream whose rest is not wanted (RFC 9113 section 8.1). */
  private static final long NO_ERROR = 0;

  private static final byte[] EMPTY = {};

  private final Exchange exchange;
  private final HttpServerRequest request;
  private final TimerWheel timers;
  private final long maxBytes;
  private final Handler<byte[]> whole;
  private Buffer received;
  private boolean joined;
  private long size;
  private boolean discarding;
  private boolean ended;
  private TimerWheel.Timeout limit;
  private boolean closeAtEnd;
  private boolean late;
  private long held;

  private RequestBody(Exchange exchange, long maxBytes, Handler<byte[]> whole) {
    this.exchange = exchange;
    this.request = exchange.request();
    this.timers = exchange.timers();
    this.maxBytes = maxBytes;
    this.whole = whole;
  }

  static RequestBody read(
      Exchange exchange, int maxBytes, Duration timeout, Handler<byte[]> whole) {
    RequestBody body = new RequestBody(exchange, maxBytes, whole);
    body.start(timeout);
    return body;
  }

  /** A body that nobody asked for. */
  static RequestBody none(Exchange exchange) {
    RequestBody body = new RequestBody(exchange, 0, bytes -> {});
    body.listen();
    return body;
  }

  /** Whether the caller announced a body that is cheaper to read than a new connection. */
  static boolean small(HttpServerRequest request) {
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      return false;
    }
    long length = announced(request);
    boolean chunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    return length >= 0 ? length <= SMALL_BYTES : !chunked;
  }

  private void start(Duration timeout) {
    if (announced(request) > maxBytes) {
      tooLarge();
      return;
    }
    if (!hold(BodyBudget.REQUEST_BYTES)) {
      return;
    }
    listen();
    long millis = timeout.toMillis();
    long rest = Math.min(2 * LATE_DISCARD_MILLIS, millis / LATE_SHARE);
    limit = timers.after(millis - rest, this::tooSlow);
    boolean expecting = request.headers().contains(HttpHeaders.EXPECT);
    if (expecting && request.version() != HttpVersion.HTTP_1_0) {
      request.response().writeContinue();
    }
  }

  private void listen() {
    request.handler(this::chunk).endHandler(v -> end()).exceptionHandler(this::broken);
  }

  private void chunk(Buffer chunk) {
    size += chunk.length();
    if (discarding) {
      if (closeAtEnd && size > DISCARD_BYTES) {
        close();
      }
      return;
    }
    if (size > maxBytes) {
      received = null;
      tooLarge();
      return;
    }
    if (!hold(chunk.length())) {
      return;
    }
    if (received == null) {
      received = chunk;
      return;
    }
    if (!joined) {
      joined = true;
      received = Buffer.buffer(2 * received.length()).appendBuffer(received);
    }
    received.appendBuffer(chunk);
  }

  /** Takes room for more of it, or answers that there is none. */
  private boolean hold(long bytes) {
    if (exchange.bodies().tryTake(bytes)) {
      held += bytes;
      return true;
    }
    received = null;
    exchange
        .closing()
        .fail(
            InitFailure.notSent(Problem.OVERLOADED, "Too many requests have not arrived whole.")
                .withRetryAfter(Duration.ofSeconds(1)));
    return false;
  }

  private void release() {
    exchange.bodies().giveBack(held);
    held = 0;
  }

  private void end() {
    ended = true;
    release();
    cancelLimit();
    if (discarding) {
      if (closeAtEnd) {
        close();
      }
      return;
    }
    whole.handle(received == null ? EMPTY : received.getBytes());
  }

  private void broken(Throwable cause) {
    release();
    cancelLimit();
    if (discarding) {
      // The answer has been given: it must leave before the codec closes the connection.
      Wire.flush(request.connection());
    } else if (!exchange.over()) {
      discarding = true;
      exchange
          .closing()
          .fail(InitFailure.notSent(Problem.INVALID_REQUEST, "The body is not framed correctly."));
      // The codec closes the connection next, and would lose what is only written.
      Wire.flush(request.connection());
    }
  }

  private void tooLarge() {
    exchange
        .closing()
        .fail(
            InitFailure.notSent(
                Problem.BODY_TOO_LARGE, "The body is larger than " + maxBytes + " bytes."));
  }

  private void tooSlow() {
    if (!discarding) {
      late = true;
      exchange
          .closing()
          .fail(InitFailure.notSent(Problem.REQUEST_TIMEOUT, "The body did not arrive in time."));
    }
  }

  /** Throws the rest away, within bounds, and then closes the connection where that is wanted. */
  void discard(boolean close) {
    discarding = true;
    closeAtEnd = close;
    received = null;
    release();
    cancelLimit();
    if (ended) {
      end();
    } else {
      limit = timers.after(late ? LATE_DISCARD_MILLIS : DISCARD_MILLIS, this::close);
    }
  }

  private void close() {
    cancelLimit();
    if (request.version() == HttpVersion.HTTP_2) {
      request.response().reset(NO_ERROR);
    } else {
      request.connection().close();
    }
  }

  private void cancelLimit() {
    if (limit != null) {
      limit.cancel();
    }
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
