package infopass.gateway.digilocker;

import java.util.random.RandomGenerator;

/** The ids that name a request in answers, logs and at the partner. */
public final class CorrelationIds {
  private static final int MAX_LENGTH = 128;

  private CorrelationIds() {}

  /**
   * The caller's id where it is one we echo ({@code [A-Za-z0-9._:-]{1,128}}), else a new one of 128
   * random bits in hexadecimal.
   *
   * @param given what the caller sent; may be null
   */
  public static String givenOrNew(String given, RandomGenerator random) {
    return valid(given) ? given : Hex.of(random.nextLong(), random.nextLong());
  }

  static boolean valid(String id) {
    if (id == null || id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean allowed =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '.'
              || c == '_'
              || c == ':'
              || c == '-';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }
}
