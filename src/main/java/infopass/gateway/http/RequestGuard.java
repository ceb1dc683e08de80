package infopass.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;

/**
 * Checks what the codec lets through but no route should see: a missing, doubled or malformed Host
 * (RFC 9112 3.2), and a target that is no path. Stateless.
 */
final class RequestGuard {
  private RequestGuard() {}

  /** What is wrong with the request's head; null where nothing is. */
  static String faultOf(HttpServerRequest request) {
    String target = request.uri();
    if (request.version() == HttpVersion.HTTP_2) {
      return target != null && target.startsWith("/") ? null : "The request target is not a path.";
    }
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    if (hosts.size() > 1) {
      return "More than one Host field.";
    }
    if (hosts.isEmpty()) {
      if (request.version() != HttpVersion.HTTP_1_0) {
        return "The Host field is missing.";
      }
    } else if (!validHost(hosts.get(0))) {
      return "The Host field is malformed.";
    }
    boolean path = target.startsWith("/");
    boolean absolute = target.startsWith("http://") || target.startsWith("https://");
    return path || absolute ? null : "The request target is not a path.";
  }

  /** {@code uri-host [ ":" port ]} without percent-encoding, which no real host needs. */
  static boolean validHost(String host) {
    int portAt = host.lastIndexOf(':');
    int bracket = host.lastIndexOf(']');
    String name = portAt > bracket ? host.substring(0, portAt) : host;
    String port = portAt > bracket ? host.substring(portAt + 1) : "";
    for (int i = 0; i < port.length(); i++) {
      if (port.charAt(i) < '0' || port.charAt(i) > '9') {
        return false;
      }
    }
    if (name.isEmpty() || port.length() > 5) {
      return false;
    }
    boolean literal = name.startsWith("[") && name.endsWith("]");
    for (int i = literal ? 1 : 0; i < name.length() - (literal ? 1 : 0); i++) {
      char c = name.charAt(i);
      boolean allowed =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '.'
              || c == '-'
              || c == '_'
              || literal && c == ':';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }
}
