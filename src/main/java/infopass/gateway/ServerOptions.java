package infopass.gateway;

import infopass.gateway.http.Acceptor;
import infopass.gateway.http.AnswerListener;
import infopass.gateway.http.HttpConfig;
import infopass.gateway.http.Lifecycle;
import infopass.gateway.http.ListenerSettings;
import infopass.gateway.http.TrustedProxies;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The listeners' options: every bound set, and nothing on that is not needed. */
final class ServerOptions {
  /**
   * Vert.x gives each instance a port of its own for 0, and one to all of them for a negative
   * number; far from those that the sandbox uses.
   */
  private static final int SHARED_FREE_PORT = -65_536;

  private static final int MAX_REQUEST_LINE = 8_192;
  private static final int MAX_HEADER_BYTES = 8_192;
  private static final int MAX_CHUNK = 8_192;
  private static final int MAX_WEB_SOCKET_FRAME = 4 * 1024;
  private static final int MAX_WEB_SOCKET_MESSAGE = 16 * 1024;

  /** The system's own would take megabytes for a peer that does not read. */
  private static final int SEND_BUFFER = 16 * 1024;

  private static final int MAX_STREAMS = 100;
  private static final int BACKLOG = 1_024;

  /** Both end within 5 s; with room for what a busy machine adds. */
  private static final int HANDSHAKE_MILLIS = 4_000;

  /** From the handshake on, until the first settings of HTTP/2; in the idle timeout's unit. */
  private static final int PREFACE_MILLIS = 4_000;

  /** With forward secrecy and authenticated encryption, best first (RFC 9325 section 4.2). */
  private static final List<String> CIPHER_SUITES =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private static final Duration ANSWER_UNDER_WAY = Duration.ofSeconds(5);

  static final Duration MANAGEMENT_IDLE = Duration.ofSeconds(60);

  private ServerOptions() {}

  /**
   * @param longestAnswer longest that a caller may have to wait in silence
   */
  static HttpServerOptions http(HttpConfig config, Duration longestAnswer) {
    Duration silence = longestAnswer.plus(ANSWER_UNDER_WAY);
    // The listener ends connections on which nothing is asked; this one knows no requests.
    Duration idle = config.idleTimeout().compareTo(silence) > 0 ? config.idleTimeout() : silence;
    HttpServerOptions options =
        bounded()
            .setHost(config.host())
            .setPort(config.port() == 0 ? SHARED_FREE_PORT : config.port())
            .setIdleTimeout((int) Math.min(Integer.MAX_VALUE, idle.toMillis()))
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setUseProxyProtocol(config.proxyProtocol())
            .setProxyProtocolTimeout(HANDSHAKE_MILLIS)
            .setProxyProtocolTimeoutUnit(TimeUnit.MILLISECONDS);
    config.tls().ifPresent(tls -> encrypted(options, tls));
    return options;
  }

  static HttpServerOptions management(GatewayConfig.Management config) {
    return bounded()
        .setHost(config.host())
        .setPort(config.port())
        .setIdleTimeout((int) MANAGEMENT_IDLE.toSeconds())
        .setIdleTimeoutUnit(TimeUnit.SECONDS);
  }

  /** What the instances of one listener have in common. */
  static ListenerSettings listener(
      GatewayConfig config,
      Lifecycle lifecycle,
      Surroundings world,
      Duration idle,
      int maxConnections,
      Duration grace,
      Supplier<AnswerListener> answers,
      TrustedProxies proxies) {
    return new ListenerSettings(
        lifecycle,
        world.clock(),
        world.nanoTime(),
        world.random(),
        config.http().requestTimeout(),
        idle,
        maxConnections,
        grace,
        config.logging().accessLog() == GatewayConfig.AccessLogMode.SAMPLED,
        answers,
        new AtomicInteger(),
        new AtomicInteger(),
        new Acceptor(),
        proxies);
  }

  private static HttpServerOptions bounded() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(MAX_REQUEST_LINE)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxChunkSize(MAX_CHUNK)
        .setAcceptBacklog(BACKLOG)
        .setTcpNoDelay(true)
        .setSendBufferSize(SEND_BUFFER)
        .setMaxWebSocketFrameSize(MAX_WEB_SOCKET_FRAME)
        .setMaxWebSocketMessageSize(MAX_WEB_SOCKET_MESSAGE)
        .setCompressionSupported(false)
        .setDecompressionSupported(false)
        .setHandle100ContinueAutomatically(false)
        .setHttp2ClearTextEnabled(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(MAX_STREAMS)
                .setMaxHeaderListSize(MAX_HEADER_BYTES));
  }

  private static void encrypted(HttpServerOptions options, HttpConfig.Tls tls) {
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setSslHandshakeTimeout(HANDSHAKE_MILLIS)
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setWriteIdleTimeout(PREFACE_MILLIS)
        // Faster, and it knows no renegotiation.
        .setSslEngineOptions(
            OpenSSLEngineOptions.isAvailable()
                ? new OpenSSLEngineOptions()
                : new JdkSSLEngineOptions());
    ServerSSLOptions secure = tls(tls);
    options
        .setEnabledSecureTransportProtocols(secure.getEnabledSecureTransportProtocols())
        .setKeyCertOptions(secure.getKeyCertOptions())
        .setTrustOptions(secure.getTrustOptions())
        .setClientAuth(secure.getClientAuth());
    secure.getEnabledCipherSuites().forEach(options::addEnabledCipherSuite);
  }

  /** What can be changed while connections are open: certificates, and what they are used with. */
  static ServerSSLOptions tls(HttpConfig.Tls tls) {
    ServerSSLOptions options = new ServerSSLOptions();
    CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
    options.setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"));
    options.setKeyCertOptions(
        new PemKeyCertOptions().setCertPath(tls.certificate()).setKeyPath(tls.key()));
    if (!tls.clientCa().isEmpty()) {
      options.setClientAuth(ClientAuth.REQUIRED);
      options.setTrustOptions(new PemTrustOptions().addCertPath(tls.clientCa()));
    }
    return options;
  }
}
