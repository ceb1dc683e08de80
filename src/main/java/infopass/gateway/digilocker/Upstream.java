package infopass.gateway.digilocker;

import java.util.Set;

/**
 * What the partner said when it refused, made safe to show: bounded, without control characters and
 * without the caller's personal data.
 *
 * @param status its HTTP status
 * @param code its own code, such as {@code 0x0422}; null when it gave none
 * @param message its own words; null when it gave none
 */
public record Upstream(int status, String code, String message) {
  private static final Set<Integer> PASSING = Set.of(401, 402, 403, 408, 421, 423, 424, 425, 429);

  private static final String CODE_PREFIX = "0x0";
  private static final int DIGITS = 3;

  /**
   * Whether the same request may be taken later: what was wrong was the account, the time or the
   * partner, by its status or, in an answer with a status of success, by its code.
   */
  public boolean mayPass() {
    int means = status >= 300 ? status : meaningOf(code);
    return means >= 500 || PASSING.contains(means);
  }

  /** Its codes are statuses behind a prefix; 0 for one that is not. */
  private static int meaningOf(String code) {
    String digits =
        code != null && code.startsWith(CODE_PREFIX) ? code.substring(CODE_PREFIX.length()) : code;
    return digits != null && digits.length() == DIGITS && digits.matches("[0-9]+")
        ? Integer.parseInt(digits)
        : 0;
  }
}
