package infopass.gateway.countdown;

import java.util.Locale;

/** Reads an Accept field (RFC 9110 section 12.5.1), as far as is needed here. Stateless. */
final class Accept {
  private static final int MOST_RANGES = 32;

  private Accept() {}

  /** Whether this very media type is named, and not with a weight of zero. Ranges do not count. */
  static boolean asksFor(String field, String mediaType) {
    for (String range : field.toLowerCase(Locale.ROOT).split(",", MOST_RANGES)) {
      String[] parts = range.split(";", MOST_RANGES);
      if (parts[0].strip().equals(mediaType)) {
        return !refused(parts);
      }
    }
    return false;
  }

  private static boolean refused(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].strip().matches("q\\s*=\\s*0(\\.0{0,3})?")) {
        return true;
      }
    }
    return false;
  }
}
