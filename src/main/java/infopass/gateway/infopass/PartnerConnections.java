package infopass.gateway.infopass;

import infopass.gateway.config.Authority;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.client.impl.ClientPhase;
import io.vertx.ext.web.client.impl.HttpContext;
import io.vertx.ext.web.client.impl.WebClientInternal;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The pool of connections to the partner that one event loop owns. Redirects are not followed,
 * certificates and host names are verified, every bound is set. Belongs to one event loop.
 */
public final class PartnerConnections {
  static final String PATH = "/api/v1/in/digilocker/init";

  /** Below what servers commonly keep a silent connection for, so that ours is the one to close. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  /** Of the addresses of one name; each is given its part of the time to connect. */
  private static final int MOST_TRIED = 4;

  private static final int MOST_TEMPLATES = 32;
  private static final int MIN_WAITING = 1024;
  private static final int STOPPED_PER_PLACE = 8;
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private final HttpClientAgent agent;
  private final WebClient client;
  private final PartnerAddresses addresses;
  private final Map<SocketAddress, HttpRequest<Buffer>> templates = new HashMap<>();
  private final Authority partner;
  private final int port;
  private final boolean ssl;
  private final boolean proxied;
  private final int connectMillis;
  private final URI target;
  private final String path;
  private final CharSequence userAgent;

  /**
   * @param size most connections (streams on HTTP/2) of this instance
   * @param resolver looks the partner's addresses up
   * @param trust whom to trust instead of the system's authorities; empty for those
   */
  public PartnerConnections(
      Vertx vertx,
      InfopassConfig config,
      int size,
      Optional<TrustOptions> trust,
      HostResolver resolver,
      LongSupplier nanoTime) {
    URI base = config.baseUrl();
    partner = Authority.of(base).orElseThrow();
    ssl = "https".equalsIgnoreCase(base.getScheme());
    connectMillis = (int) Math.min(Integer.MAX_VALUE, config.timeouts().connect().toMillis());
    proxied = config.proxy().takes(partner.host());
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(Math.max(1, connectMillis))
            .setSslHandshakeTimeout(Math.max(1, connectMillis))
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setKeepAliveTimeout((int) KEEP_ALIVE.toSeconds())
            .setHttp2KeepAliveTimeout((int) KEEP_ALIVE.toSeconds())
            .setIdleTimeout(0)
            .setPipelining(false)
            .setMaxRedirects(0)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setDecompressionSupported(false)
            .setTcpKeepAlive(true)
            .setTcpNoDelay(true)
            .setSsl(ssl)
            .setTrustAll(false)
            .setVerifyHost(true);
    trust.ifPresent(options::setTrustOptions);
    if (proxied) {
      options.setProxyOptions(config.proxy().options());
    }
    if (ssl && OpenSSLEngineOptions.isAvailable()) {
      options.setSslEngineOptions(new OpenSSLEngineOptions());
    }
    if (ssl && config.http2()) {
      options
          .setProtocolVersion(HttpVersion.HTTP_2)
          .setUseAlpn(true)
          .setHttp2MultiplexingLimit(size);
    }
    PoolOptions pool =
        new PoolOptions()
            .setHttp1MaxSize(size)
            .setHttp2MaxSize(1)
            // The limit in front of the wire queues; here wait those for whom a connection is being
            // made, and for the connect timeout what was stopped meanwhile: that cannot be undone.
            .setMaxWaitQueueSize(Math.max(MIN_WAITING, STOPPED_PER_PLACE * size))
            .setCleanerPeriod(1_000)
            .setMaxLifetime((int) Math.max(1, config.pool().maxLifetime().toSeconds()))
            .setMaxLifetimeUnit(TimeUnit.SECONDS);
    agent =
        vertx
            .httpClientBuilder()
            .with(options)
            .with(pool)
            .withConnectHandler(AnswerGate::guard)
            .build();
    client =
        WebClient.wrap(
            agent, new WebClientOptions().setUserAgentEnabled(false).setFollowRedirects(false));
    ((WebClientInternal) client).addInterceptor(PartnerConnections::intercept);
    port = partner.port() >= 0 ? partner.port() : ssl ? HTTPS_PORT : HTTP_PORT;
    String prefix = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
    path = prefix + PATH;
    target = URI.create(base.getScheme() + "://" + partner + path);
    // A proxy looks the name up itself.
    addresses =
        proxied ? null : new PartnerAddresses(vertx, partner.bareHost(), port, resolver, nanoTime);
    userAgent = HttpHeaders.createOptimized(config.userAgent());
  }

  /**
   * Sends an init, without its fields, to the first address of the partner's that a connection can
   * be made to.
   */
  Future<HttpResponse<Buffer>> send(Attempt attempt, Buffer body) {
    if (proxied) {
      return send(attempt, body, SocketAddress.inetSocketAddress(port, partner.host()), 1);
    }
    return addresses.inOrder().compose(known -> send(attempt, body, known, 0));
  }

  private Future<HttpResponse<Buffer>> send(
      Attempt attempt, Buffer body, List<SocketAddress> known, int at) {
    if (attempt.aborted()) {
      return Future.failedFuture(new IllegalStateException("stopped before it was sent"));
    }
    int tried = Math.min(known.size(), MOST_TRIED);
    SocketAddress address = known.get(at);
    return send(attempt, body, address, tried)
        .recover(
            cause -> {
              boolean unreachable =
                  !attempt.written()
                      && !attempt.aborted()
                      && !(cause instanceof ConnectionPoolTooBusyException)
                      && !(cause instanceof HttpClosedException);
              if (unreachable) {
                addresses.failed(address);
              }
              return unreachable && at + 1 < tried
                  ? send(attempt, body, known, at + 1)
                  : Future.failedFuture(cause);
            });
  }

  private Future<HttpResponse<Buffer>> send(
      Attempt attempt, Buffer body, SocketAddress address, int tried) {
    return template(address)
        .copy()
        .connectTimeout(Math.max(1, connectMillis / tried))
        .as(attempt)
        .sendBuffer(body);
  }

  private HttpRequest<Buffer> template(SocketAddress address) {
    HttpRequest<Buffer> known = templates.get(address);
    if (known == null) {
      if (templates.size() >= MOST_TEMPLATES) {
        templates.clear();
      }
      known =
          client
              .request(HttpMethod.POST, address, port, partner.host(), path)
              .ssl(ssl)
              .followRedirects(false);
      templates.put(address, known);
    }
    return known;
  }

  /** Whether the partner is reached through a proxy. */
  boolean proxied() {
    return proxied;
  }

  /** Sets the fields that all requests have in common. */
  void commonFields(MultiMap headers) {
    headers
        .set(HttpHeaders.CONTENT_TYPE, JSON)
        .set(HttpHeaders.ACCEPT, JSON)
        .set(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY)
        .set(HttpHeaders.USER_AGENT, userAgent);
  }

  /** Where requests go, without user-info or a query. */
  URI target() {
    return target;
  }

  /** Stops taking requests and waits for those in flight, up to the grace. */
  public Future<Void> shutdown(Duration grace) {
    return agent.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Shows the attempt the request beneath it, just before that is written. */
  private static void intercept(HttpContext<?> context) {
    if (context.phase() == ClientPhase.SEND_REQUEST
        && context.request().bodyCodec() instanceof Attempt attempt
        && !attempt.writing(context.clientRequest())) {
      context.fail(new IllegalStateException("stopped before it was sent"));
      return;
    }
    context.next();
  }
}
