package infopass.gateway.tracing;

import infopass.gateway.config.Rules;
import java.net.URI;

/**
 * Where spans are sent, and how many.
 *
 * @param otlpEndpoint a receiver of OTLP over HTTP, with or without {@code /v1/traces}; null for
 *     none
 * @param sampleRatio share of the requests without a trace context that are recorded, 0 to 1
 */
public record TracingConfig(URI otlpEndpoint, double sampleRatio) {
  private static final String SIGNAL = "/v1/traces";

  /** Nothing is recorded. */
  public static final TracingConfig OFF = new TracingConfig(null, 0.01);

  public TracingConfig {
    Rules.of("tracing")
        .check(
            otlpEndpoint == null || isHttp(otlpEndpoint),
            "otlpEndpoint",
            "must be an http or https URL with a host",
            otlpEndpoint)
        .check(
            otlpEndpoint == null
                || otlpEndpoint.getRawUserInfo() == null
                    && otlpEndpoint.getRawQuery() == null
                    && otlpEndpoint.getRawFragment() == null,
            "otlpEndpoint",
            "must not hold user-info, a query or a fragment",
            "one that does")
        .between("sampleRatio", sampleRatio, 0.0, 1.0)
        .enforce();
  }

  /** Whether anything is recorded. */
  public boolean on() {
    return otlpEndpoint != null;
  }

  /** The whole URL that spans are posted to. */
  String target() {
    String base = otlpEndpoint.toString().replaceAll("/+$", "");
    return base.endsWith(SIGNAL) ? base : base + SIGNAL;
  }

  private static boolean isHttp(URI uri) {
    boolean http = "http".equalsIgnoreCase(uri.getScheme());
    return (http || "https".equalsIgnoreCase(uri.getScheme())) && uri.getHost() != null;
  }
}
