package infopass.gateway.intake;

import infopass.gateway.config.HostNames;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the host of an absolute http(s) URL the way a browser would, and refuses what two readers
 * could read differently: user-info, backslashes, white space, percent-encoded hosts, addresses
 * that are none.
 */
final class RedirectUrl {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

  private static final Pattern OCTAL = Pattern.compile("(^|\\.)0[0-9]");

  /** A URL of an app (RFC 3986 section 3), of which only the scheme is looked at. */
  private static final Pattern APP_LINK = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*):.+");

  private RedirectUrl() {}

  /**
   * Whether people can be sent there.
   *
   * @param schemes those that are allowed, in lower case
   */
  static boolean valid(String url, List<String> schemes) {
    Matcher link = APP_LINK.matcher(url);
    if (!link.matches() || !schemes.contains(link.group(1).toLowerCase(Locale.ROOT))) {
      return false;
    }
    return isWeb(url) ? host(url).isPresent() : !hasUnsafe(url);
  }

  /** Whether it has a host that can be on a list; a link to an app has none. */
  static boolean isWeb(String url) {
    return url.regionMatches(true, 0, "http:", 0, 5) || url.regionMatches(true, 0, "https:", 0, 6);
  }

  /** The host, as ASCII in lower case without a trailing dot; empty where it is no such URL. */
  static Optional<String> host(String url) {
    int authorityAt = schemeLength(url);
    if (authorityAt < 0 || hasUnsafe(url)) {
      return Optional.empty();
    }
    int end = authorityAt;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    String authority = url.substring(authorityAt, end);
    int bracket = authority.lastIndexOf(']');
    int colon = authority.lastIndexOf(':');
    boolean withPort = colon > bracket;
    String host = withPort ? authority.substring(0, colon) : authority;
    if (withPort && !validPort(authority.substring(colon + 1))) {
      return Optional.empty();
    }
    return host.startsWith("[") ? literal(host) : name(host);
  }

  private static int schemeLength(String url) {
    for (String scheme : new String[] {"https://", "http://"}) {
      if (url.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return scheme.length();
      }
    }
    return -1;
  }

  private static boolean hasUnsafe(String url) {
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c <= ' ' || c == '\\' || c == 0x7f || Character.isWhitespace(c)) {
        return true;
      }
    }
    return false;
  }

  private static boolean validPort(String port) {
    if (port.isEmpty()) {
      return true;
    }
    return port.length() <= 5
        && port.chars().allMatch(c -> c >= '0' && c <= '9')
        && Integer.parseInt(port) <= 65_535;
  }

  private static Optional<String> literal(String host) {
    if (host.length() < 4 || !host.endsWith("]")) {
      return Optional.empty();
    }
    String address = host.substring(1, host.length() - 1);
    String last = address.substring(address.lastIndexOf(':') + 1);
    boolean valid =
        address.indexOf('[') < 0
            && address.indexOf('%') < 0
            && NetUtil.isValidIpV6Address(address)
            && !(last.indexOf('.') >= 0 && OCTAL.matcher(last).find());
    return valid ? Optional.of(host.toLowerCase(Locale.ROOT)) : Optional.empty();
  }

  /**
   * Browsers take a name whose last label is a number for an IPv4 address, however it is written.
   */
  private static boolean otherThanItSeems(String ascii) {
    String last = ascii.substring(ascii.lastIndexOf('.') + 1);
    boolean octal = OCTAL.matcher(ascii).find();
    return NUMBER.matcher(last).matches() && (octal || !NetUtil.isValidIpV4Address(ascii));
  }

  private static Optional<String> name(String host) {
    return HostNames.toAscii(host).filter(ascii -> !otherThanItSeems(ascii));
  }
}
