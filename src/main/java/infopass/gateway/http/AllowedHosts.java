package infopass.gateway.http;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which hosts a request may be addressed to: those a page of another site cannot make its own by
 * changing where its name leads (DNS rebinding). Immutable.
 */
public final class AllowedHosts {
  /** Any host that is well-formed. */
  public static final AllowedHosts ANY = new AllowedHosts(Set.of(), true);

  private final Set<String> names;
  private final boolean any;

  private AllowedHosts(Set<String> names, boolean any) {
    this.names = names;
    this.any = any;
  }

  /** Allows literals of addresses, {@code localhost} and these names, with any port. */
  public static AllowedHosts literalsAnd(Collection<String> names) {
    Set<String> all = new HashSet<>(Set.of("localhost"));
    names.forEach(name -> all.add(comparable(name)));
    return new AllowedHosts(Set.copyOf(all), false);
  }

  /**
   * Checks where a request is addressed to. One of HTTP/1.0 may name no host, which no browser
   * leaves out.
   */
  boolean admit(HttpServerRequest request) {
    if (any) {
      return true;
    }
    String target = RequestGuard.authorityOf(request.uri());
    return request.headers().getAll(HttpHeaders.HOST).stream().allMatch(this::admit)
        && (target == null || admit(target))
        && (request.authority() == null || admit(request.authority().host()));
  }

  /** Checks a host with or without a port. */
  boolean admit(String authority) {
    int portAt = authority.lastIndexOf(':');
    boolean bracketed = authority.startsWith("[");
    boolean port =
        bracketed
            ? portAt > authority.lastIndexOf(']')
            : portAt >= 0 && portAt == authority.indexOf(':');
    String host = port ? authority.substring(0, portAt) : authority;
    String literal =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    return NetUtil.isValidIpV4Address(host)
        || NetUtil.isValidIpV6Address(literal)
        || names.contains(comparable(host));
  }

  private static String comparable(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return name.toLowerCase(Locale.ROOT);
  }
}
