package infopass.gateway.http;

import java.util.List;

/** Reads a field that is a list of tokens (RFC 9110 section 5.6.1). Stateless. */
public final class TokenList {
  private static final int MOST_TOKENS = 64;

  private TokenList() {}

  /** Whether one of the field's lines names the token, in any case. */
  public static boolean contains(List<String> lines, String token) {
    for (String line : lines) {
      if (line.equalsIgnoreCase(token)) {
        return true;
      }
      if (line.indexOf(',') >= 0) {
        for (String member : line.split(",", MOST_TOKENS)) {
          if (member.strip().equalsIgnoreCase(token)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
