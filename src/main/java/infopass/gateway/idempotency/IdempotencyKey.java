package infopass.gateway.idempotency;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The value of an Idempotency-Key field (IETF httpapi draft): a string of structured fields (RFC
 * 8941 3.3.3), whose parameters mean nothing, or the same text bare. 1 to 255 characters. Quoted
 * and bare are one key. Immutable; {@link #toString()} shows nothing.
 */
public final class IdempotencyKey {
  private static final int MAX_LENGTH = 255;

  private final String value;

  private IdempotencyKey(String value) {
    this.value = value;
  }

  /**
   * Reads the field; empty where there is none.
   *
   * @param lines the values of all field lines of that name
   * @throws IllegalArgumentException with the reason, and never the value, where it is malformed
   */
  public static Optional<IdempotencyKey> parse(List<String> lines) {
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    if (lines.size() > 1) {
      throw malformed("comes more than once");
    }
    String field = lines.get(0).strip();
    String key = field.startsWith("\"") ? quoted(field) : bare(field);
    if (key.isEmpty() || key.length() > MAX_LENGTH) {
      throw malformed("must have 1 to " + MAX_LENGTH + " characters");
    }
    return Optional.of(new IdempotencyKey(key));
  }

  String value() {
    return value;
  }

  private static String quoted(String field) {
    StringBuilder key = new StringBuilder(field.length());
    for (int i = 1; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '"') {
        requireParameters(field.substring(i + 1));
        return key.toString();
      }
      if (c == '\\') {
        i++;
        c = i < field.length() ? field.charAt(i) : 0;
        if (c != '"' && c != '\\') {
          throw malformed("escapes what needs no escape");
        }
      } else if (c < 0x20 || c > 0x7e) {
        throw malformed("holds a character that is not printable ASCII");
      }
      key.append(c);
    }
    throw malformed("has no closing quote");
  }

  /** {@code *( *SP ";" *SP parameter )}, whose meaning nobody has defined. */
  private static void requireParameters(String rest) {
    boolean fit = rest.isEmpty() || rest.stripLeading().startsWith(";");
    if (!fit || rest.chars().anyMatch(c -> c < 0x20 || c > 0x7e || c == ',')) {
      throw malformed("goes on behind its closing quote");
    }
  }

  private static String bare(String field) {
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c <= 0x20 || c > 0x7e || c == '"' || c == '\\' || c == ',' || c == ';') {
        throw malformed("holds a character that needs quotes");
      }
    }
    return field;
  }

  private static IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException("The Idempotency-Key " + why + ".");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdempotencyKey that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(value);
  }

  @Override
  public String toString() {
    return "IdempotencyKey[***]";
  }
}
