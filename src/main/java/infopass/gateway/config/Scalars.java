package infopass.gateway.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a text as a type; the message of an {@link IllegalArgumentException} is the rule. */
final class Scalars {
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
  private static final Pattern SIZE = Pattern.compile("([0-9]+) ?(B|KiB|MiB|GiB)?");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  private static final Pattern DURATION = Pattern.compile("([0-9]+) ?(ms|s|m|h)|0");

  private static final String ABSOLUTE = "must be an absolute URI such as https://example.com";

  private Scalars() {}

  static int integer(String text) {
    require(INTEGER.matcher(text).matches(), "must be a whole number");
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException tooLarge) {
      throw new IllegalArgumentException(
          "must be a whole number between " + Integer.MIN_VALUE + " and " + Integer.MAX_VALUE);
    }
  }

  static long size(String text) {
    Matcher matcher = SIZE.matcher(text);
    require(matcher.matches(), "must be a size such as 512B, 16KiB or 1MiB");
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    int shift = 10 * "BKMG".indexOf(unit.charAt(0));
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
    } catch (ArithmeticException | NumberFormatException tooLarge) {
      throw new IllegalArgumentException("is too large for a size");
    }
  }

  static double decimal(String text) {
    require(DECIMAL.matcher(text).matches(), "must be a number");
    double value = Double.parseDouble(text);
    require(Double.isFinite(value), "is too large for a number");
    return value;
  }

  static boolean flag(String text) {
    require(text.equals("true") || text.equals("false"), "must be true or false");
    return text.equals("true");
  }

  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    require(matcher.matches(), "must be a duration such as 500ms, 10s, 5m or 1h");
    if (matcher.group(1) == null) {
      return Duration.ZERO;
    }
    try {
      long amount = Long.parseLong(matcher.group(1));
      Duration value = inUnit(amount, matcher.group(2));
      value.toNanos(); // What nobody can count in nanoseconds would fail later, and elsewhere.
      return value;
    } catch (ArithmeticException | NumberFormatException tooLong) {
      throw new IllegalArgumentException("is too long for a duration");
    }
  }

  static URI uri(String text) {
    try {
      URI uri = new URI(text);
      // An opaque one is a forgotten scheme: localhost:8080 has the scheme "localhost".
      require(uri.isAbsolute() && !uri.isOpaque(), ABSOLUTE);
      return uri;
    } catch (URISyntaxException invalid) {
      throw new IllegalArgumentException(ABSOLUTE);
    }
  }

  static <E extends Enum<E>> E choice(String text, Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> word(constant.name()).equals(word(text)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("must be one of " + words(type)));
  }

  private static Duration inUnit(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  private static <E extends Enum<E>> String words(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> word(constant.name()))
        .collect(Collectors.joining(", "));
  }

  private static String word(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
