package infopass.gateway.callers;

import infopass.gateway.config.HostNames;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** An allow-list of hosts, exact or {@code *.suffix}. Immutable. */
public final class RedirectHosts {
  private static final Pattern PATTERN =
      Pattern.compile("(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]+]");

  private final Set<String> exact = new HashSet<>();
  private final Set<String> suffixes = new HashSet<>();

  public RedirectHosts(List<String> patterns) {
    for (String pattern : patterns) {
      String host = ascii(pattern).orElse(pattern);
      if (host.startsWith("*.")) {
        suffixes.add(host.substring(1));
      } else {
        exact.add(host);
      }
    }
  }

  /** Whether it is a host name, exact or {@code *.suffix}. */
  public static boolean validPattern(String pattern) {
    return ascii(pattern).filter(host -> PATTERN.matcher(host).matches()).isPresent();
  }

  /** As hosts of URLs are compared: in ASCII and lower case. */
  private static Optional<String> ascii(String pattern) {
    if (pattern.startsWith("[")) {
      return Optional.of(pattern.toLowerCase(Locale.ROOT));
    }
    boolean suffix = pattern.startsWith("*.");
    return HostNames.toAscii(suffix ? pattern.substring(2) : pattern)
        .map(host -> suffix ? "*." + host : host);
  }

  /**
   * Whether users may be sent to this host; an empty list allows all.
   *
   * @param host of a URL: ASCII, lower case, no trailing dot
   */
  public boolean allows(String host) {
    if (exact.isEmpty() && suffixes.isEmpty() || exact.contains(host)) {
      return true;
    }
    for (int dot = host.indexOf('.'); dot > 0; dot = host.indexOf('.', dot + 1)) {
      if (suffixes.contains(host.substring(dot))) {
        return true;
      }
    }
    return false;
  }
}
