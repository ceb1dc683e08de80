package infopass.gateway.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Reads the query of a request's target. Stateless. */
final class Query {
  private static final int MOST_PARAMETERS = 64;

  private Query() {}

  /**
   * The parameter's first value; null where it is missing or cannot be decoded.
   *
   * @param query without the question mark; may be null
   */
  static String parameter(String query, String name) {
    if (query == null) {
      return null;
    }
    for (String pair : query.split("&", MOST_PARAMETERS)) {
      int equals = pair.indexOf('=');
      if (equals == name.length() && pair.startsWith(name)) {
        try {
          return URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
          return null;
        }
      }
    }
    return null;
  }
}
