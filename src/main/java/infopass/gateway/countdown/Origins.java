package infopass.gateway.countdown;

import io.vertx.core.http.HttpServerRequest;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Which pages may read a countdown: those of our own origin and those on the list. Immutable. */
final class Origins {
  private static final String ANY = "*";

  private final Set<String> allowed;

  Origins(Iterable<String> allowed) {
    Set<String> all = new HashSet<>();
    allowed.forEach(origin -> all.add(origin.toLowerCase(Locale.ROOT)));
    this.allowed = Set.copyOf(all);
  }

  /** The Origin field where it names another origin that is allowed; else null. */
  String allowedCrossOrigin(HttpServerRequest request) {
    String origin = request.getHeader("Origin");
    return origin != null && listed(origin) ? origin : null;
  }

  /** Whether the request comes from no page, from one of our own, or from one on the list. */
  boolean allows(HttpServerRequest request) {
    String origin = request.getHeader("Origin");
    return origin == null || listed(origin) || own(origin, request);
  }

  private boolean listed(String origin) {
    return allowed.contains(ANY) || allowed.contains(origin.toLowerCase(Locale.ROOT));
  }

  /** The scheme is left out: a proxy in front may have ended TLS. */
  private static boolean own(String origin, HttpServerRequest request) {
    int authority = origin.indexOf("://");
    return authority > 0
        && request.authority() != null
        && origin.substring(authority + 3).equalsIgnoreCase(request.authority().toString());
  }
}
