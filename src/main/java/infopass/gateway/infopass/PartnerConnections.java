package infopass.gateway.infopass;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.client.impl.ClientPhase;
import io.vertx.ext.web.client.impl.HttpContext;
import io.vertx.ext.web.client.impl.WebClientInternal;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The pool of connections to the partner that one event loop owns. Redirects are not followed,
 * certificates and host names are verified, every bound is set. Belongs to one event loop.
 */
public final class PartnerConnections {
  static final String PATH = "/api/v1/in/digilocker/init";

  /** Below what servers commonly keep a silent connection for, so that ours is the one to close. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

  /** So that a change of the partner's address is followed. */
  private static final Duration MAX_LIFETIME = Duration.ofMinutes(10);

  private static final int MIN_WAITING = 1024;
  private static final int STOPPED_PER_PLACE = 8;
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private final HttpClientAgent agent;
  private final HttpRequest<Buffer> template;
  private final URI target;
  private final CharSequence userAgent;

  /**
   * @param size most connections (streams on HTTP/2) of this instance
   * @param trust whom to trust instead of the system's authorities; empty for those
   */
  public PartnerConnections(
      Vertx vertx, InfopassConfig config, int size, Optional<TrustOptions> trust) {
    URI base = config.baseUrl();
    boolean ssl = "https".equalsIgnoreCase(base.getScheme());
    int connectMillis = (int) Math.min(Integer.MAX_VALUE, config.timeouts().connect().toMillis());
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
            .setMaxLifetime((int) MAX_LIFETIME.toSeconds())
            .setMaxLifetimeUnit(TimeUnit.SECONDS);
    agent =
        vertx
            .httpClientBuilder()
            .with(options)
            .with(pool)
            .withConnectHandler(AnswerGate::guard)
            .build();
    WebClient client =
        WebClient.wrap(
            agent, new WebClientOptions().setUserAgentEnabled(false).setFollowRedirects(false));
    ((WebClientInternal) client).addInterceptor(PartnerConnections::intercept);
    int port = base.getPort() >= 0 ? base.getPort() : ssl ? HTTPS_PORT : HTTP_PORT;
    String prefix = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
    target = URI.create(base.getScheme() + "://" + base.getRawAuthority() + prefix + PATH);
    template =
        client
            .post(port, hostOf(base), prefix + PATH)
            .ssl(ssl)
            .followRedirects(false)
            .connectTimeout(Math.max(1, connectMillis));
    userAgent = HttpHeaders.createOptimized(config.userAgent());
  }

  /** A new request for an init, without its fields. */
  HttpRequest<Buffer> request() {
    return template.copy();
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

  private static String hostOf(URI base) {
    String host = base.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
