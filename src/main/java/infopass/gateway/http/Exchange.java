package infopass.gateway.http;

import infopass.gateway.digilocker.CorrelationIds;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.ProblemJson;
import infopass.gateway.digilocker.TraceParent;
import infopass.gateway.logging.LogLimit;
import infopass.gateway.resilience.TimerWheel;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One request and its one answer, with what every route needs of both: the correlation id, the
 * trace context, the bounded body, the problem document. Belongs to the event loop of its
 * connection.
 */
public final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final LogLimit LIMIT = new LogLimit();

  private static final CharSequence CORRELATION_ID =
      HttpHeaders.createOptimized("X-Correlation-Id");
  private static final CharSequence SECURITY_POLICY =
      HttpHeaders.createOptimized("Content-Security-Policy");
  private static final CharSequence NOTHING_ALLOWED =
      HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
  private static final CharSequence NOSNIFF_NAME =
      HttpHeaders.createOptimized("X-Content-Type-Options");
  private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence REFERRER_POLICY =
      HttpHeaders.createOptimized("Referrer-Policy");
  private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
  private static final CharSequence TRANSPORT_SECURITY =
      HttpHeaders.createOptimized("Strict-Transport-Security");
  private static final CharSequence ONE_YEAR = HttpHeaders.createOptimized("max-age=31536000");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final CharSequence PROBLEM =
      HttpHeaders.createOptimized("application/problem+json");
  private static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");

  private final Listener listener;
  private final HttpServerRequest request;
  private final long startedNanos;
  private final String correlationId;
  private String route = "";
  private Map<String, String> pathParams = Map.of();
  private RequestBody body;
  private boolean answered;
  private boolean closeAfter;
  private Problem problem;

  Exchange(Listener listener, HttpServerRequest request) {
    this.listener = listener;
    this.request = request;
    this.startedNanos = listener.nanoTime().getAsLong();
    this.correlationId = CorrelationIds.givenOrNew(single(CORRELATION_ID), listener.random());
  }

  public HttpServerRequest request() {
    return request;
  }

  public HttpServerResponse response() {
    return request.response();
  }

  /** The network address of the client, without the port: behind trusted proxies, what they say. */
  public String peer() {
    SocketAddress address = request.remoteAddress();
    return address == null || address.hostAddress() == null
        ? ""
        : listener.proxies().clientOf(address.hostAddress(), request.headers());
  }

  /** The caller's id where it was a valid one, else one made here. */
  public String correlationId() {
    return correlationId;
  }

  /** The trace context that the caller sent; null where it sent none, an invalid one or two. */
  public TraceParent callersTrace() {
    return TraceParent.parse(single(TRACEPARENT)).orElse(null);
  }

  /** The caller's trace with a parent id of our own, or a new trace. */
  public TraceParent trace() {
    RandomGenerator random = listener.random();
    TraceParent given = callersTrace();
    return given == null ? TraceParent.start(random) : given.next(random);
  }

  /** The path or path template that matched; empty where none did. */
  String route() {
    return route;
  }

  TimerWheel timers() {
    return listener.timers();
  }

  BodyBudget bodies() {
    return listener.bodies();
  }

  /** The value of a segment of the path template. */
  public String pathParam(String name) {
    return pathParams.get(name);
  }

  /** The first value of a query parameter; null where it is missing or cannot be decoded. */
  public String queryParam(String name) {
    return Query.parameter(request.query(), name);
  }

  Exchange with(Map<String, String> params) {
    pathParams = params;
    return this;
  }

  Exchange at(String matched) {
    route = matched;
    return this;
  }

  /** Time since the request's head arrived. */
  public long elapsedMillis() {
    return elapsedNanos() / 1_000_000;
  }

  /** Reading of the nano clock when the request's head arrived. */
  public long startedNanos() {
    return startedNanos;
  }

  public long elapsedNanos() {
    return listener.nanoTime().getAsLong() - startedNanos;
  }

  /** The field's only value; null where it is missing or comes more than once. */
  public String single(CharSequence name) {
    String value = request.getHeader(name);
    if (value != null && request.headers().getAll(name).size() > 1) {
      return null;
    }
    return value;
  }

  /**
   * Reads the whole body, within the limit and within the listener's request timeout; answers 413
   * or 408 itself where it is larger or slower.
   */
  public void readBody(int maxBytes, Handler<byte[]> whole) {
    Handler<byte[]> guarded =
        bytes -> {
          try {
            whole.handle(bytes);
          } catch (RuntimeException bug) {
            broken(bug);
          }
        };
    body = RequestBody.read(this, maxBytes, listener.requestTimeout(), guarded);
  }

  /** Called once if the connection or stream goes away before the answer was sent. */
  public void whenGone(Runnable action) {
    response()
        .closeHandler(
            closed -> {
              if (!answered) {
                answered = true;
                action.run();
              }
            });
  }

  /** Whether the answer has been given, or nobody is left to take one. */
  public boolean over() {
    return answered || response().closed();
  }

  /** Sets a field of the answer. */
  public Exchange header(CharSequence name, CharSequence value) {
    response().putHeader(name, value);
    return this;
  }

  /** Makes the answer the last one on this connection. */
  public Exchange closing() {
    closeAfter = true;
    return this;
  }

  /** Answers 500 for a bug: one stack trace in the log, no detail to the caller. */
  public void broken(Throwable cause) {
    LIMIT
        .line(LOG, Level.ERROR, cause.getClass())
        .addKeyValue("correlationId", correlationId)
        .addKeyValue("route", route)
        .setCause(cause)
        .log("unexpected failure");
    fail(InitFailure.of(Problem.INTERNAL, "Report the correlation id to the operator."));
  }

  /**
   * Begins an answer without an end in sight, with status 200. The caller writes it, and ends it.
   */
  public HttpServerResponse stream(CharSequence contentType) {
    answered = true;
    boolean chunks = request.version() != HttpVersion.HTTP_1_0;
    HttpServerResponse response = response().setChunked(chunks);
    if (!chunks) {
      // It has no other end than that of the connection.
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      whenStreamEnds(() -> request.connection().close());
    }
    common(response);
    response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    answered(200);
    return response;
  }

  /** Called once when a {@link #stream} has ended, whoever ended it. */
  public void whenStreamEnds(Runnable action) {
    Wire.whenEnded(response(), action);
  }

  /** Ends the connection at once, for a peer that does not read or does not stop. */
  public void cut() {
    Wire.cut(request.connection());
  }

  /** Makes a WebSocket of this exchange's connection. */
  public Future<ServerWebSocket> upgrade() {
    answered = true;
    return request.toWebSocket().onSuccess(upgraded -> answered(101));
  }

  /** Answers with a problem document. */
  public void fail(InitFailure failure) {
    if (over()) {
      return;
    }
    problem = failure.problem();
    if (failure.retryAfter() != null) {
      header(HttpHeaders.RETRY_AFTER, Long.toString(failure.retryAfterSeconds()));
    }
    if (failure.status() == 401) {
      header("WWW-Authenticate", "Basic realm=\"infopass-gateway\", charset=\"UTF-8\"");
    }
    header(HttpHeaders.CACHE_CONTROL, NO_STORE);
    reply(failure.status(), PROBLEM, Buffer.buffer(ProblemJson.of(failure, correlationId)));
  }

  /** The kind of failure that was answered; null where none was. */
  public Problem problem() {
    return problem;
  }

  /**
   * Answers. Later calls do nothing; nor do calls when the caller has gone.
   *
   * @param contentType may be null where there is no body
   */
  public void reply(int status, CharSequence contentType, Buffer content) {
    if (over()) {
      return;
    }
    answered = true;
    HttpServerResponse response = response().setStatusCode(status);
    common(response);
    if (contentType != null) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    }
    AnswerEnd.send(this, listener, content, closeAfter, body);
    answered(status);
  }

  private void answered(int status) {
    listener.accessLog().answered(this, status);
    listener
        .answers()
        .answered(route, request.method(), status, Optional.ofNullable(problem), elapsedNanos());
  }

  private void common(HttpServerResponse response) {
    response.putHeader(HttpHeaders.DATE, listener.date().value());
    response.putHeader(CORRELATION_ID, correlationId);
    response.putHeader(NOSNIFF_NAME, NOSNIFF);
    if (!response.headers().contains(SECURITY_POLICY)) {
      response.putHeader(SECURITY_POLICY, NOTHING_ALLOWED);
    }
    response.putHeader(REFERRER_POLICY, NO_REFERRER);
    if (listener.secure()) {
      response.putHeader(TRANSPORT_SECURITY, ONE_YEAR);
    }
  }
}
