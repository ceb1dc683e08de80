package infopass.gateway.http;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;

/**
 * Checks what the codec lets through but no route should see: a missing, doubled or malformed Host
 * (RFC 9112 3.2), and a target that is no path. Stateless.
 */
final class RequestGuard {
  private static final List<String> SCHEMES = List.of("http://", "https://");

  private RequestGuard() {}

  /** What is wrong with the request's head; null where nothing is. */
  static String faultOf(HttpServerRequest request) {
    String target = request.uri();
    if (request.version() == HttpVersion.HTTP_2) {
      return faultOfHttp2(request);
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
    if (target.startsWith("/") || isServerWide(request)) {
      return null;
    }
    String authority = authorityOf(target);
    if (authority == null) {
      return "The request target is not a path.";
    }
    return validHost(authority) ? null : "The request target's host is malformed.";
  }

  private static String faultOfHttp2(HttpServerRequest request) {
    String target = request.uri();
    if (target == null || !target.startsWith("/") && !isServerWide(request)) {
      return "The request target is not a path.";
    }
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    if (hosts.size() > 1 || !hosts.isEmpty() && !validHost(hosts.get(0))) {
      return "The Host field is malformed.";
    }
    HostAndPort authority = request.authority();
    if (authority == null) {
      return hosts.isEmpty() ? "The authority is missing or malformed." : null;
    }
    return validHost(authority.host()) ? null : "The authority is malformed.";
  }

  /** Whether it asks about the server and no resource (RFC 9110 section 9.3.7). */
  static boolean isServerWide(HttpServerRequest request) {
    return request.method() == HttpMethod.OPTIONS && "*".equals(request.uri());
  }

  /** What stands between {@code //} and the path of a URL; null for what is no such URL. */
  static String authorityOf(String target) {
    int from =
        SCHEMES.stream()
            .filter(scheme -> target.regionMatches(true, 0, scheme, 0, scheme.length()))
            .mapToInt(String::length)
            .sum();
    if (from == 0) {
      return null;
    }
    int to = from;
    while (to < target.length() && target.charAt(to) != '/' && target.charAt(to) != '?') {
      to++;
    }
    return target.substring(from, to);
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
    if (name.startsWith("[")) {
      return name.endsWith("]") && NetUtil.isValidIpV6Address(name.substring(1, name.length() - 1));
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean allowed =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '.'
              || c == '-'
              || c == '_';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }
}
