package infopass.gateway.http;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.logging.OutOfMemoryExit;
import infopass.gateway.resilience.TimerWheel;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * One listener instance: takes requests on its own event loop, turns away what is no request at
 * all, and hands the rest to the routes. Deploy one per event loop; they share the port.
 */
public final class HttpVerticle extends VerticleBase {
  private static final OutOfMemoryExit OUT_OF_MEMORY = new OutOfMemoryExit();

  private final HttpServerOptions options;
  private final ListenerSettings settings;
  private final Supplier<List<RouteGroup>> groups;
  private final AllowedHosts hosts;
  private volatile HttpServer server;
  private Listener listener;
  private final PipelineTurns turns = new PipelineTurns();
  private ConnectionWatch watch;
  private AnswerBudget answers;
  private Routes routes;

  /**
   * @param groups called once per instance, on its event loop
   */
  public HttpVerticle(
      HttpServerOptions options, ListenerSettings settings, Supplier<List<RouteGroup>> groups) {
    this(options, settings, groups, AllowedHosts.ANY);
  }

  /**
   * @param groups called once per instance, on its event loop
   * @param hosts what requests may be addressed to
   */
  public HttpVerticle(
      HttpServerOptions options,
      ListenerSettings settings,
      Supplier<List<RouteGroup>> groups,
      AllowedHosts hosts) {
    this.hosts = hosts;
    this.options = options;
    this.settings = settings;
    this.groups = groups;
  }

  @Override
  public Future<?> start() {
    TimerWheel timers =
        new TimerWheel(
            settings.nanoTime(), (millis, run) -> vertx.setTimer(millis, on -> run.run()));
    long heap = Runtime.getRuntime().maxMemory();
    int loops = context.getInstanceCount();
    listener = settings.listener(timers, options.isSsl(), BodyBudget.share(heap, loops));
    watch =
        new ConnectionWatch(
            settings.nanoTime(),
            settings.requestTimeout().toNanos(),
            settings.idleTimeout().toNanos());
    answers = AnswerBudget.share(heap, loops);
    vertx.setPeriodic(ConnectionWatch.SWEEP_MILLIS, tick -> sweep());
    routes = new Routes(vertx, groups.get(), this::exchange);
    server =
        vertx
            .createHttpServer(options)
            .connectionHandler(this::connected)
            .invalidRequestHandler(this::invalid)
            .requestHandler(this::handle);
    return server
        .listen()
        .onSuccess(bound -> settings.port().set(bound.actualPort()))
        .recover(cause -> Future.failedFuture(cannotListen(cause)));
  }

  private void sweep() {
    if (watch.sweep()) {
      vertx.setTimer(ConnectionWatch.PAUSE_MILLIS, rest -> sweep());
    }
  }

  /** With the address, which the cause does not name. */
  private IOException cannotListen(Throwable cause) {
    String address = options.getHost() + ':' + options.getPort();
    return new IOException("cannot listen on " + address + ": " + cause.getMessage(), cause);
  }

  @Override
  public Future<?> stop() {
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(settings.grace().toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Uses other certificates for connections to come, on all instances that share the port. Fails,
   * and changes nothing, where they cannot be used. Once started; thread-safe.
   *
   * @return whether that made a difference
   */
  public Future<Boolean> updateTls(ServerSSLOptions secure) {
    return server.updateSSLOptions(secure, true);
  }

  private void connected(HttpConnection connection) {
    // A lost connection is no news, and what Vert.x would log may quote the request.
    connection.exceptionHandler(OUT_OF_MEMORY::check);
    settings.acceptor().took(connection);
    AtomicInteger open = settings.openConnections();
    Wire.whenClosed(
        connection,
        () -> {
          open.decrementAndGet();
          listener.ending().remove(connection);
        });
    if (open.incrementAndGet() > settings.maxConnections()) {
      connection.close();
      return;
    }
    Wire.guard(
        connection,
        watch,
        turns,
        new RequestFraming(options.getMaxInitialLineLength(), options.getMaxHeaderSize()),
        answers,
        settings.nanoTime());
  }

  private void handle(HttpServerRequest request) {
    if (ended(request)) {
      return;
    }
    String fault = RequestGuard.faultOf(request);
    if (fault != null) {
      exchange(request).closing().fail(InitFailure.of(Problem.INVALID_REQUEST, fault));
      return;
    }
    if (!hosts.admit(request)) {
      exchange(request)
          .closing()
          .fail(InitFailure.of(Problem.INVALID_REQUEST, "This host is not served here."));
      return;
    }
    if (expectsTheUnknown(request)) {
      exchange(request)
          .closing()
          .fail(
              InitFailure.notSent(
                  Problem.EXPECTATION_FAILED, "Only 100-continue can be expected."));
      return;
    }
    routes.handle(request);
  }

  private static boolean expectsTheUnknown(HttpServerRequest request) {
    return request.getHeader(HttpHeaders.EXPECT) != null
        && !request.headers().getAll(HttpHeaders.EXPECT).stream()
            .allMatch("100-continue"::equalsIgnoreCase);
  }

  /** What the codec could not read. */
  private void invalid(HttpServerRequest request) {
    if (ended(request)) {
      return;
    }
    Throwable cause = request.decoderResult().cause();
    Problem problem = Problem.INVALID_REQUEST;
    String detail = "The request is not valid HTTP.";
    if (cause instanceof TooLongHttpLineException) {
      problem = Problem.URI_TOO_LONG;
      detail = "The request line is longer than " + options.getMaxInitialLineLength() + " bytes.";
    } else if (cause instanceof TooLongHttpHeaderException) {
      problem = Problem.HEADERS_TOO_LARGE;
      detail = "The header section is larger than " + options.getMaxHeaderSize() + " bytes.";
    } else if (cause instanceof Refusal refusal) {
      problem = refusal.problem();
      detail = refusal.getMessage();
    }
    exchange(request).closing().fail(InitFailure.of(problem, detail));
  }

  /**
   * Whether the last answer of this connection has been given: what was pipelined behind it will
   * not be answered, so it must not be worked on (RFC 9112 9.6).
   */
  private boolean ended(HttpServerRequest request) {
    return request.version() != HttpVersion.HTTP_2
        && (listener.ending().contains(request.connection()) || Wire.closed(request.connection()));
  }

  private Exchange exchange(HttpServerRequest request) {
    return new Exchange(listener, request);
  }
}
