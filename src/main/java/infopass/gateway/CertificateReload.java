package infopass.gateway;

import infopass.gateway.http.HttpConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ServerSSLOptions;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes new certificates into use: reads the files again, checks them, and hands them to the public
 * listener. New connections get the new certificate; open ones live on with the old. Files that are
 * at fault change nothing. Thread-safe.
 */
final class CertificateReload {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateReload.class);

  private final Vertx vertx;
  private final HttpConfig.Tls tls;
  private final Function<ServerSSLOptions, Future<Boolean>> listener;

  /**
   * @param listener takes options whose files are then read
   */
  CertificateReload(
      Vertx vertx, HttpConfig.Tls tls, Function<ServerSSLOptions, Future<Boolean>> listener) {
    this.vertx = vertx;
    this.tls = tls;
    this.listener = listener;
  }

  /** Reads again. The future does not fail: it tells whether there are new certificates in use. */
  Future<Boolean> reload() {
    return vertx
        .executeBlocking(() -> TlsFiles.faults(tls.certificate(), tls.key(), tls.clientCa()))
        .compose(
            faults -> faults.isEmpty() ? listener.apply(ServerOptions.tls(tls)) : refused(faults))
        .onSuccess(
            changed -> {
              if (changed) {
                LOG.info("certificates read again");
              }
            })
        .otherwise(
            cause -> {
              LOG.error("certificates not read again, the old ones stay: {}", cause.getMessage());
              return false;
            });
  }

  private static Future<Boolean> refused(Map<String, String> faults) {
    StringBuilder words = new StringBuilder();
    faults.forEach(
        (setting, fault) ->
            words
                .append(words.isEmpty() ? "" : "; ")
                .append("http.tls.")
                .append(setting)
                .append(' ')
                .append(fault));
    return Future.failedFuture(words.toString());
  }
}
