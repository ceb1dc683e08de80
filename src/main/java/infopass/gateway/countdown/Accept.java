package infopass.gateway.countdown;

import java.util.List;
import java.util.Locale;

/**
 * Reads Accept fields (RFC 9110 section 12.5.1), as far as is needed to tell whether somebody wants
 * events or the document that is the default. Stateless.
 */
final class Accept {
  private static final int MOST_RANGES = 32;

  private Accept() {}

  /**
   * Whether this very media type is named, with a weight above zero, and no other is preferred.
   *
   * @param fields all lines of the field
   * @param other may be meant by a range as well
   */
  static boolean prefers(List<String> fields, String mediaType, String other) {
    double named = -1;
    double rival = -1;
    int precision = 0;
    String range = other.substring(0, other.indexOf('/')) + "/*";
    String all = String.join(",", fields).toLowerCase(Locale.ROOT);
    for (String each : all.split(",", MOST_RANGES)) {
      String[] parts = each.split(";", MOST_RANGES);
      String type = parts[0].strip();
      int precise = type.equals(other) ? 3 : type.equals(range) ? 2 : type.equals("*/*") ? 1 : 0;
      if (type.equals(mediaType)) {
        named = Math.max(named, weight(parts));
      } else if (precise > 0 && precise >= precision) {
        rival = precise > precision ? weight(parts) : Math.max(rival, weight(parts));
        precision = precise;
      }
    }
    return named > 0 && named >= rival;
  }

  /** From 0 to 1; what is none counts as 1. */
  private static double weight(String[] parts) {
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.matches("q\\s*=\\s*(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
        return Double.parseDouble(parameter.substring(parameter.indexOf('=') + 1).strip());
      }
    }
    return 1;
  }
}
