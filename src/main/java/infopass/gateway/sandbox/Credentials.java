package infopass.gateway.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What the sandbox thinks of an {@code Authorization} header: any user may pass but "denied". */
final class Credentials {

  private static final String SCHEME = "Basic ";
  private static final String DENIED_USER = "denied";

  private Credentials() {}

  /** Whether the value is well-formed Basic with a user-id that is neither empty nor "denied". */
  static boolean accepted(String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(authorization.substring(SCHEME.length()).strip());
    } catch (IllegalArgumentException e) {
      return false;
    }
    String pair = new String(decoded, StandardCharsets.UTF_8);
    int colon = pair.indexOf(':');
    return colon > 0 && !pair.substring(0, colon).equals(DENIED_USER);
  }
}
