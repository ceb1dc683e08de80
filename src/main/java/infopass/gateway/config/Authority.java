package infopass.gateway.config;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host and port of a URL (RFC 3986 section 3.2), with the hosts that {@link URI} does not know:
 * names with underscores, and those of all scripts.
 *
 * @param host a name in ASCII and lower case, an IPv4 address, or an IPv6 address in brackets
 * @param port -1 where there is none
 */
public record Authority(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\[\\]:@]+)(?::([0-9]{1,5}))?");
  private static final int MAX_PORT = 65_535;

  /** Empty where the URL has none, or one with user-info. */
  public static Optional<Authority> of(URI url) {
    String raw = url.getAuthority();
    Matcher form = raw == null ? null : FORM.matcher(raw);
    if (form == null || !form.matches()) {
      return Optional.empty();
    }
    int port = form.group(2) == null ? -1 : Integer.parseInt(form.group(2));
    if (port > MAX_PORT) {
      return Optional.empty();
    }
    String host = form.group(1);
    return host.startsWith("[")
        ? Optional.of(new Authority(host, port))
        : HostNames.toAscii(host).map(name -> new Authority(name, port));
  }

  /** The address without its brackets, or the name. */
  public String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** As it stands in a URL. */
  @Override
  public String toString() {
    return port < 0 ? host : host + ':' + port;
  }
}
