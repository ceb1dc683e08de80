package infopass.gateway.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per answered request, of every n-th success and of every failure. The path is logged
 * without its query, which can hold a signature. Belongs to one event loop.
 */
final class AccessLog {
  /** One success in this many is logged. */
  static final int SAMPLE = 100;

  static final AccessLog OFF = new AccessLog(false);

  private static final Logger LOG = LoggerFactory.getLogger("infopass.gateway.access");

  private final boolean enabled;
  private int successes;

  private AccessLog(boolean enabled) {
    this.enabled = enabled;
  }

  static AccessLog sampled() {
    return new AccessLog(true);
  }

  void answered(Exchange exchange, int status) {
    if (!enabled || status < 400 && successes++ % SAMPLE != 0) {
      return;
    }
    LOG.atInfo()
        .addKeyValue("correlationId", exchange.correlationId())
        .addKeyValue("method", exchange.request().method())
        .addKeyValue("route", exchange.route().isEmpty() ? "-" : exchange.route())
        .addKeyValue("status", status)
        .addKeyValue("elapsedMs", exchange.elapsedMillis())
        .log("answered");
  }
}
