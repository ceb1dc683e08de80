package infopass.gateway.http;

import infopass.gateway.config.Rules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The public listener. Immutable; checks itself.
 *
 * @param host address to listen on
 * @param port 0 to 65535; 0 is any free port
 * @param publicUrl where callers reach the gateway, without a trailing slash; empty for links
 *     relative to the request
 * @param allowedOrigins origins of pages that may read countdowns
 * @param instances listener instances; 0 is one per event loop
 * @param maxBodyBytes largest request body
 * @param maxConnections most open connections, all instances together
 * @param idleTimeout longest time without a request on a connection
 * @param requestTimeout longest time for a request to arrive whole
 * @param tls certificate and key, where the gateway ends TLS itself
 * @param trustedProxies blocks of addresses whose Forwarded and X-Forwarded-For are believed
 * @param proxyProtocol whether each connection begins with a header of the PROXY protocol
 */
public record HttpConfig(
    String host,
    int port,
    String publicUrl,
    List<String> allowedOrigins,
    int instances,
    int maxBodyBytes,
    int maxConnections,
    Duration idleTimeout,
    Duration requestTimeout,
    Optional<Tls> tls,
    List<String> trustedProxies,
    boolean proxyProtocol) {

  private static final Duration LONGEST = Duration.ofHours(24);

  /** PEM files: the certificate chain, its key, and the CAs that clients must show, or empty. */
  public record Tls(String certificate, String key, String clientCa) {
    public Tls {
      Rules.of("http.tls")
          .check(!certificate.isEmpty(), "certificate", "must be set where http.tls.key is", "")
          .check(!key.isEmpty(), "key", "must be set where http.tls.certificate is", "")
          .enforce();
    }
  }

  private static final Pattern ORIGIN =
      Pattern.compile("(?i)[a-z][a-z0-9+.-]*://(\\[[0-9a-f:.]+]|[^/?#@:\\\\\\s]+)(:[0-9]{1,5})?");

  public HttpConfig {
    allowedOrigins = List.copyOf(allowedOrigins);
    trustedProxies = List.copyOf(trustedProxies);
    Rules rules = Rules.of("http");
    for (String origin : allowedOrigins) {
      rules.check(
          origin.equals("*") || origin.equals("null") || ORIGIN.matcher(origin).matches(),
          "allowedOrigins",
          "must be origins such as https://app.example, without a path or a slash",
          origin);
    }
    for (String cidr : trustedProxies) {
      rules.check(
          TrustedProxies.valid(cidr),
          "trustedProxies",
          "must be blocks of addresses such as 10.0.0.0/8 or fd00::/8",
          cidr);
    }
    rules
        .check(!host.isBlank(), "host", "must not be empty", host)
        .between("port", port, 0, 65_535)
        .check(
            publicUrl.isEmpty()
                || publicUrl.matches(
                    "https?://[A-Za-z0-9._:\\[\\]-]+(/[A-Za-z0-9._~%/-]*[A-Za-z0-9._~%-])?"),
            "publicUrl",
            "must be an http or https URL without a trailing slash",
            publicUrl)
        .between("instances", instances, 0, 1024)
        .between("maxBodyBytes", maxBodyBytes, 256, 1 << 20)
        .between("maxConnections", maxConnections, 1, 10_000_000)
        .positive("idleTimeout", idleTimeout)
        .atMost("idleTimeout", idleTimeout, LONGEST)
        .positive("requestTimeout", requestTimeout)
        .atMost("requestTimeout", requestTimeout, LONGEST)
        .enforce();
  }
}
