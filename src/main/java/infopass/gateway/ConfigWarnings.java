package infopass.gateway;

import infopass.gateway.callers.AuthConfig;
import infopass.gateway.config.Secret;
import infopass.gateway.infopass.InfopassConfig;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Names what of a configuration can be used, but hardly as it was meant. Never with a secret. */
final class ConfigWarnings {
  private static final int KEY_BYTES = 32;

  /** What an open connection of TLS and HTTP/2 takes without requests. */
  private static final long CONNECTION_BYTES = 16 * 1024;

  private static final int OTLP_GRPC_PORT = 4317;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final List<String> found = new ArrayList<>();

  private ConfigWarnings() {}

  /** Each with its key, what is the matter, and what comes of it. */
  static List<String> of(GatewayConfig config) {
    ConfigWarnings warnings = new ConfigWarnings();
    warnings.countdown(config);
    warnings.callers(config.auth());
    warnings.partner(config.infopass());
    warnings.publicUrl(config.http().publicUrl());
    URI otlp = config.tracing().otlpEndpoint();
    warnings.check(
        otlp != null && otlp.getPort() == OTLP_GRPC_PORT,
        "tracing.otlpEndpoint",
        "has port 4317, which is OTLP over gRPC; OTLP over HTTP has 4318");
    InfopassConfig.Proxy proxy = config.infopass().proxy();
    warnings.check(
        otlp != null
            && proxy.type() == InfopassConfig.ProxyType.SOCKS5
            && proxy.takes(otlp.getHost()),
        "tracing.otlpEndpoint",
        "is not reached through infopass.proxy, which is none for HTTP");
    return List.copyOf(warnings.found);
  }

  /**
   * Whether as many connections as are taken fit half of the heap; empty where they do.
   *
   * @param heap the most that the heap can grow to, in bytes
   */
  static Optional<String> ofHeap(GatewayConfig config, long heap) {
    long wanted = config.http().maxConnections() * CONNECTION_BYTES;
    return 2 * wanted <= heap
        ? Optional.empty()
        : Optional.of(
            "http.maxConnections: "
                + config.http().maxConnections()
                + " connections take up to "
                + (wanted >> 20)
                + " MiB, which is more than half of the heap of "
                + (heap >> 20)
                + " MiB");
  }

  private void countdown(GatewayConfig config) {
    for (Secret key : config.countdown().signingKeys()) {
      check(
          key.reveal().getBytes(StandardCharsets.UTF_8).length < KEY_BYTES,
          "countdown.signingKeys",
          "has a key of less than 32 bytes, which is easy to guess");
    }
  }

  private void callers(AuthConfig auth) {
    check(
        auth.mode() == AuthConfig.Mode.PASSTHROUGH && !auth.callers().isEmpty(),
        "auth.callers",
        "has no effect: auth.mode is passthrough");
  }

  private void partner(InfopassConfig infopass) {
    URI base = infopass.baseUrl();
    check(
        "http".equalsIgnoreCase(base.getScheme()) && !LOOPBACK.contains(base.getHost()),
        "infopass.baseUrl",
        "is http: credentials and personal data go over the network in the clear");
    InfopassConfig.Timeouts timeouts = infopass.timeouts();
    longer(
        "infopass.timeouts.attempt",
        timeouts.attempt(),
        "infopass.timeouts.overall",
        timeouts.overall());
    longer(
        "infopass.timeouts.connect",
        timeouts.connect(),
        "infopass.timeouts.attempt",
        timeouts.attempt());
    longer(
        "infopass.circuitBreaker.slowCallDuration",
        infopass.circuitBreaker().slowCallDuration(),
        "infopass.timeouts.attempt",
        timeouts.attempt());
    check(
        !infopass.username().isEmpty() && infopass.password().isEmpty(),
        "infopass.password",
        "is empty, though infopass.username is set");
  }

  private void publicUrl(String url) {
    int host = url.indexOf("://") + 3;
    check(
        !url.isEmpty() && url.indexOf('/', host) >= 0,
        "http.publicUrl",
        "has a path: its links only work behind a proxy that takes the path away");
  }

  private void longer(String key, Duration value, String bound, Duration limit) {
    check(value.compareTo(limit) > 0, key, "is longer than " + bound + " and never reached");
  }

  private void check(boolean matter, String key, String what) {
    String warning = key + ": " + what;
    if (matter && !found.contains(warning)) {
      found.add(warning);
    }
  }
}
