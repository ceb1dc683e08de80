package infopass.gateway.tracing;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.export.ProxyOptions;
import java.net.InetSocketAddress;

/**
 * The HTTP proxy on the way to the receiver of spans. Shows nothing: it holds credentials.
 *
 * @param authorization the value of Proxy-Authorization; empty where it wants none
 */
public record HttpProxy(String host, int port, String authorization) {

  void applyTo(OtlpHttpSpanExporterBuilder exporter) {
    exporter.setProxy(ProxyOptions.create(InetSocketAddress.createUnresolved(host, port)));
    if (!authorization.isEmpty()) {
      exporter.addHeader("Proxy-Authorization", authorization);
    }
  }

  @Override
  public String toString() {
    return "HttpProxy";
  }
}
