package infopass.gateway.callers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * The Authorization field: nothing is thrown, what is read is what was sent, and two fields that
 * carry other credentials are never taken for the same.
 */
public final class AuthorizationFuzz {
  private AuthorizationFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String field = new String(input, ISO_8859_1);
    BasicAuthorization.parse(field).ifPresent(read -> check(read, field));
    // The same bytes as credentials, so that what lies behind the encoding is reached.
    String value = "Basic " + Base64.getEncoder().encodeToString(input);
    Optional<BasicAuthorization> read = BasicAuthorization.parse(value);
    boolean control = false;
    int colons = 0;
    for (byte b : input) {
      control |= b >= 0 && b < 0x20 || b == 0x7f;
      colons += b == ':' ? 1 : 0;
    }
    require(read.isPresent() == (colons > 0 && !control), "read or not read, against RFC 7617");
    read.ifPresent(given -> check(given, value));
  }

  private static void check(BasicAuthorization read, String field) {
    require(read.value().equals(field), "the value is not passed on as it came");
    require(field.substring(0, 6).equalsIgnoreCase("Basic "), "another scheme");
    byte[] credentials = Base64.getDecoder().decode(field.substring(6).strip());
    int colon = 0;
    while (credentials[colon] != ':') {
      colon++;
    }
    byte[] password = Arrays.copyOfRange(credentials, colon + 1, credentials.length);
    require(read.userId().equals(new String(credentials, 0, colon, UTF_8)), "another user-id");
    require(Arrays.equals(read.password(), password), "another password");
    require(read.toString().equals("BasicAuthorization[***]"), "a secret is shown");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
