package infopass.gateway.countdown;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.http.Endpoint;
import infopass.gateway.http.Exchange;
import infopass.gateway.http.RouteGroup;
import infopass.gateway.http.TokenList;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * {@code GET /api/v1/in/digilocker/countdown/{clientId}}: how long a link can still be used, as a
 * snapshot, as server-sent events or over a WebSocket. The signature is the authorisation, so a
 * browser can ask; nothing is looked up. Belongs to one event loop.
 */
public final class CountdownRoutes implements RouteGroup {
  private static final int MAX_EXPIRES_DIGITS = 11;
  private static final int MAX_EVERY_SECONDS = 3_600;
  private static final String SOCKET_VERSION = "13";

  private final Vertx vertx;
  private final SignedLinks links;
  private final Duration expiringAt;
  private final Origins origins;
  private final CountdownStreams streams;
  private final Ticker ticker;
  private final Clock clock;

  /** Call it on the event loop that will use it. */
  public CountdownRoutes(
      Vertx vertx,
      SignedLinks links,
      Duration expiringAt,
      List<String> allowedOrigins,
      CountdownStreams streams,
      Clock clock) {
    this.vertx = vertx;
    this.links = links;
    this.expiringAt = expiringAt;
    this.origins = new Origins(allowedOrigins);
    this.streams = streams;
    this.ticker = streams.ticker(vertx, clock);
    this.clock = clock;
  }

  @Override
  public List<Endpoint> endpoints() {
    String path = SignedLinks.PATH + ":clientId";
    return List.of(
        new Endpoint(HttpMethod.GET, path, "How long a link can still be used", this::watch),
        new Endpoint(HttpMethod.OPTIONS, path, "Which origins may read it", this::preflight));
  }

  private void watch(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    cors(exchange);
    Countdown countdown = verified(exchange);
    if (countdown == null) {
      exchange.fail(
          InitFailure.of(Problem.BAD_SIGNATURE, "The link's signature does not fit the link."));
    } else if (isWebSocket(request)) {
      socket(exchange, countdown);
    } else if (wantsEvents(request)) {
      events(exchange, countdown);
    } else {
      Buffer now = Buffer.buffer(countdown.json(clock.millis()));
      exchange
          .header(HttpHeaders.CACHE_CONTROL, "no-store")
          .header(HttpHeaders.VARY, "Accept, Origin")
          .reply(200, "application/json", now);
    }
  }

  /** What the link names; null where its signature does not fit. */
  private Countdown verified(Exchange exchange) {
    String clientId = exchange.pathParam("clientId");
    String expires = exchange.queryParam("expires");
    String signature = exchange.queryParam("signature");
    if (clientId == null
        || expires == null
        || signature == null
        || !expires.matches("[0-9]{1," + MAX_EXPIRES_DIGITS + "}")) {
      return null;
    }
    long expiresAtSeconds = Long.parseLong(expires);
    return links.verifies(clientId, expiresAtSeconds, signature)
        ? new Countdown(clientId, expiresAtSeconds, expiringAt)
        : null;
  }

  private void events(Exchange exchange, Countdown countdown) {
    int every = every(exchange);
    if (every < 1) {
      exchange.fail(
          InitFailure.of(
              Problem.INVALID_REQUEST,
              "'every' must be a number of seconds from 1 to " + MAX_EVERY_SECONDS + "."));
      return;
    }
    if (countdown.state(clock.millis()) == CountdownState.EXPIRED) {
      // The one answer that makes a browser's event source stop.
      exchange.header(HttpHeaders.CACHE_CONTROL, "no-store").reply(204, null, Buffer.buffer());
      return;
    }
    if (!streams.tryOpen()) {
      exchange.fail(full());
      return;
    }
    HttpServerResponse response =
        exchange
            .header(HttpHeaders.CACHE_CONTROL, "no-store")
            .header(HttpHeaders.VARY, "Accept, Origin")
            .header("X-Accel-Buffering", "no")
            .stream("text/event-stream");
    Subscriber subscriber =
        new Subscriber(countdown, every, lastId(exchange.request()), new SseSink(response));
    exchange.whenStreamEnds(
        () -> {
          ticker.remove(subscriber);
          streams.closed();
        });
    ticker.add(subscriber);
  }

  private void socket(Exchange exchange, Countdown countdown) {
    InitFailure fault = socketFault(exchange);
    if (fault != null) {
      // So that a client of another version learns which one is spoken (RFC 6455 section 4.4).
      exchange.header("Sec-WebSocket-Version", SOCKET_VERSION);
      exchange.fail(fault);
      return;
    }
    int every = every(exchange);
    if (!streams.tryOpen()) {
      exchange.fail(full());
      return;
    }
    exchange
        .upgrade()
        .onSuccess(socket -> open(exchange, socket, countdown, every))
        .onFailure(refused -> streams.closed());
  }

  /** What Vert.x would refuse by itself, without a problem document, or wait for without end. */
  private InitFailure socketFault(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    if (!origins.allows(request)) {
      return InitFailure.of(
          Problem.ORIGIN_NOT_ALLOWED, "Pages of this origin may not open a countdown.");
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    String key = request.getHeader("Sec-WebSocket-Key");
    boolean body =
        length != null && !length.equals("0")
            || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    boolean handshake =
        SOCKET_VERSION.equals(request.getHeader("Sec-WebSocket-Version"))
            && key != null
            && key.matches("[A-Za-z0-9+/]{22}==");
    if (body || !handshake) {
      return InitFailure.of(
          Problem.INVALID_REQUEST, "This is no WebSocket handshake of version 13 (RFC 6455).");
    }
    return every(exchange) < 1
        ? InitFailure.of(Problem.INVALID_REQUEST, "'every' is not valid.")
        : null;
  }

  private void open(Exchange exchange, ServerWebSocket socket, Countdown countdown, int every) {
    SocketSink sink = new SocketSink(vertx, socket, exchange::cut);
    Subscriber subscriber = new Subscriber(countdown, every, -1, sink);
    try {
      socket.exceptionHandler(broken -> {});
      socket.closeHandler(
          closed -> {
            ticker.remove(subscriber);
            streams.closed();
          });
    } catch (IllegalStateException alreadyClosed) {
      streams.closed();
      return;
    }
    ticker.add(subscriber);
  }

  private InitFailure full() {
    return streams.draining()
        ? InitFailure.of(Problem.DRAINING, "This instance is being stopped.")
            .withRetryAfter(Duration.ofSeconds(1))
        : InitFailure.of(Problem.OVERLOADED, "Too many countdowns are being watched.")
            .withRetryAfter(Duration.ofSeconds(5));
  }

  private void preflight(Exchange exchange) {
    cors(exchange);
    exchange
        .header("Access-Control-Allow-Methods", "GET")
        .header("Access-Control-Allow-Headers", "Accept, Last-Event-ID, Cache-Control")
        .header("Access-Control-Max-Age", "600")
        .reply(204, null, Buffer.buffer());
  }

  private void cors(Exchange exchange) {
    String origin = origins.allowedCrossOrigin(exchange.request());
    if (origin != null) {
      exchange.header("Access-Control-Allow-Origin", origin);
    }
  }

  private static int every(Exchange exchange) {
    String every = exchange.queryParam("every");
    if (every == null) {
      return 1;
    }
    boolean number = every.matches("[0-9]{1,4}");
    int seconds = number ? Integer.parseInt(every) : 0;
    return seconds <= MAX_EVERY_SECONDS ? seconds : 0;
  }

  private static long lastId(HttpServerRequest request) {
    String id = request.getHeader("Last-Event-ID");
    return id != null && id.matches("[0-9]{1,9}") ? Long.parseLong(id) : -1;
  }

  private static boolean wantsEvents(HttpServerRequest request) {
    return request.method() == HttpMethod.GET
        && Accept.prefers(
            request.headers().getAll(HttpHeaders.ACCEPT), "text/event-stream", "application/json");
  }

  private static boolean isWebSocket(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_1_1
        && request.method() == HttpMethod.GET
        && TokenList.contains(request.headers().getAll(HttpHeaders.CONNECTION), "upgrade")
        && "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
  }
}
