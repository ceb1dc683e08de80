package infopass.gateway.callers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * The value of an Authorization field with Basic credentials (RFC 7617). A secret: {@link
 * #toString()} shows nothing.
 *
 * @param value the field's value, to be passed on as it came
 * @param userId the part before the first colon
 * @param password the bytes behind it, to be read only
 */
public record BasicAuthorization(String value, String userId, byte[] password) {
  private static final String SCHEME = "Basic ";

  /** Reads the field; empty where it is missing, of another scheme or malformed. */
  public static Optional<BasicAuthorization> parse(String field) {
    if (field == null
        || !field.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || !isFieldValue(field)) {
      return Optional.empty();
    }
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(field.substring(SCHEME.length()).strip());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    int colon = -1;
    for (int i = 0; i < decoded.length; i++) {
      if (decoded[i] >= 0 && decoded[i] < 0x20 || decoded[i] == 0x7f) {
        return Optional.empty();
      }
      if (decoded[i] == ':' && colon < 0) {
        colon = i;
      }
    }
    if (colon < 0) {
      return Optional.empty();
    }
    String userId = new String(decoded, 0, colon, StandardCharsets.UTF_8);
    return Optional.of(
        new BasicAuthorization(
            field, userId, Arrays.copyOfRange(decoded, colon + 1, decoded.length)));
  }

  /** Whether it can be a field's value as it is (RFC 9110 section 5.5), here in ASCII alone. */
  private static boolean isFieldValue(String text) {
    return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f || c == '\t');
  }

  /** Nobody compares credentials this way: identity alone. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return "BasicAuthorization[***]";
  }
}
