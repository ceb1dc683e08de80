package infopass.gateway.intake;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the host of an absolute http(s) URL the way a browser would, and refuses what two readers
 * could read differently: user-info, backslashes, white space, percent-encoded hosts, addresses
 * that are none.
 */
final class RedirectUrl {
  /** Longest host name; also keeps the conversion of long ones from taking long. */
  private static final int MAX_NAME = 253;

  private static final int MAX_LABEL = 63;

  /**
   * The letters that IDNA 2003, which Java knows, maps to others or drops, and that browsers (UTS
   * #46) keep: with them one name would be two hosts.
   */
  private static final String DEVIATIONS = "\u00df\u03c2\u200c\u200d";

  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

  private static final Pattern OCTAL = Pattern.compile("(^|\\.)0[0-9]");

  private RedirectUrl() {}

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

  private static boolean deviates(String host) {
    for (int i = 0; i < host.length(); i++) {
      if (DEVIATIONS.indexOf(host.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static Optional<String> name(String host) {
    if (host.length() > MAX_NAME || deviates(host)) {
      return Optional.empty();
    }
    String ascii;
    try {
      ascii = (plain(host) ? host : IDN.toASCII(host)).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
    if (ascii.endsWith(".")) {
      ascii = ascii.substring(0, ascii.length() - 1);
    }
    boolean valid =
        !ascii.isEmpty()
            && ascii.length() <= MAX_NAME
            && !ascii.startsWith(".")
            && !ascii.endsWith(".")
            && !ascii.contains("..")
            && allOfName(ascii)
            && !otherThanItSeems(ascii);
    return valid ? Optional.of(ascii) : Optional.empty();
  }

  /** Whether it is ASCII throughout and short: IDN would only look for longer labels. */
  private static boolean plain(String host) {
    for (int i = 0; i < host.length(); i++) {
      if (host.charAt(i) >= 0x80) {
        return false;
      }
    }
    return host.length() <= MAX_LABEL;
  }

  private static boolean allOfName(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      char c = ascii.charAt(i);
      boolean allowed =
          c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }
}
