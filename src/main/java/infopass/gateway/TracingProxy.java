package infopass.gateway;

import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.tracing.HttpProxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Finds the proxy that spans go through: that on the way to the partner, where it is for HTTP. */
final class TracingProxy {
  private TracingProxy() {}

  static Optional<HttpProxy> of(GatewayConfig config) {
    InfopassConfig.Proxy proxy = config.infopass().proxy();
    URI receiver = config.tracing().otlpEndpoint();
    if (receiver == null
        || !proxy.takes(receiver.getHost())
        || proxy.type() != InfopassConfig.ProxyType.HTTP) {
      return Optional.empty();
    }
    String pair = proxy.username() + ':' + proxy.password().reveal();
    String authorization =
        proxy.username().isEmpty()
            ? ""
            : "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    return Optional.of(new HttpProxy(proxy.host(), proxy.port(), authorization));
  }
}
