package infopass.gateway.config;

import java.time.Duration;

/** How keys and values look in a fault: on one line, short, and without credentials. */
final class Shown {
  private static final int LONGEST = 60;

  private Shown() {}

  /** The value as the operator would write it; null where it is absent or must not be seen. */
  static String value(Object value) {
    if (value == null || value instanceof Secret) {
      return null;
    }
    if (value instanceof Duration duration) {
      return duration(duration);
    }
    if (value instanceof Double number) {
      return number(number);
    }
    String text = printable(withoutUserInfo(value.toString()));
    return value instanceof CharSequence ? '"' + text + '"' : text;
  }

  /** One step of a path; also bounds what a hostile key can cost. */
  static String key(String key) {
    return key.isEmpty() ? "\"\"" : printable(key);
  }

  /** Cut, and with everything escaped that could forge a line or move the cursor. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().limit(LONGEST).forEach(codePoint -> append(out, codePoint));
    boolean cut = text.codePointCount(0, text.length()) > LONGEST;
    return cut ? out.append("...").toString() : out.toString();
  }

  static String duration(Duration duration) {
    if (duration.isZero() || duration.getNano() % 1_000_000 != 0) {
      return duration.isZero() ? "0s" : duration.toString();
    }
    if (duration.getNano() != 0) {
      return duration.toMillis() + "ms";
    }
    long seconds = duration.getSeconds();
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  static String number(double number) {
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
    return whole ? Long.toString((long) number) : Double.toString(number);
  }

  /** Before the cut, or a long password would lose the sign by which it is known. */
  private static String withoutUserInfo(String text) {
    int authority = text.indexOf("//");
    int at = text.lastIndexOf('@');
    return authority < 0 || at < authority
        ? text
        : text.substring(0, authority + 2) + "***" + text.substring(at);
  }

  private static void append(StringBuilder out, int codePoint) {
    switch (codePoint) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '"', '\\' -> out.append('\\').appendCodePoint(codePoint);
      default -> {
        if (visible(codePoint)) {
          out.appendCodePoint(codePoint);
        } else {
          out.append(String.format("\\u%04x", codePoint));
        }
      }
    }
  }

  private static boolean visible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
