package infopass.gateway;

import infopass.gateway.http.HttpConfig;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The listeners' options: every bound set, and nothing on that is not needed. */
final class ServerOptions {
  /**
   * Vert.x gives each instance a port of its own for 0, and one to all of them for a negative
   * number; far from those that the sandbox uses.
   */
  private static final int SHARED_FREE_PORT = -65_536;

  private static final int MAX_REQUEST_LINE = 4_096;
  private static final int MAX_HEADER_BYTES = 8_192;
  private static final int MAX_CHUNK = 8_192;
  private static final int MAX_STREAMS = 100;
  private static final int BACKLOG = 1_024;
  private static final int HANDSHAKE_SECONDS = 5;
  private static final int MANAGEMENT_IDLE_SECONDS = 60;

  private ServerOptions() {}

  static HttpServerOptions http(HttpConfig config) {
    HttpServerOptions options =
        bounded()
            .setHost(config.host())
            .setPort(config.port() == 0 ? SHARED_FREE_PORT : config.port())
            .setIdleTimeout((int) Math.max(1, config.idleTimeout().toMillis()))
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    config.tls().ifPresent(tls -> encrypted(options, tls));
    return options;
  }

  static HttpServerOptions management(GatewayConfig.Management config) {
    return bounded()
        .setHost(config.host())
        .setPort(config.port())
        .setIdleTimeout(MANAGEMENT_IDLE_SECONDS)
        .setIdleTimeoutUnit(TimeUnit.SECONDS);
  }

  private static HttpServerOptions bounded() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(MAX_REQUEST_LINE)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxChunkSize(MAX_CHUNK)
        .setAcceptBacklog(BACKLOG)
        .setTcpNoDelay(true)
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
        .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
        .setKeyCertOptions(
            new PemKeyCertOptions().setCertPath(tls.certificate()).setKeyPath(tls.key()));
    if (!tls.clientCa().isEmpty()) {
      options
          .setClientAuth(ClientAuth.REQUIRED)
          .setTrustOptions(new PemTrustOptions().addCertPath(tls.clientCa()));
    }
  }
}
