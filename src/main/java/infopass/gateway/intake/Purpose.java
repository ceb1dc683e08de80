package infopass.gateway.intake;

import java.util.regex.Pattern;

/**
 * What a caller says an init is for: a short code, for the audit record only. That has no personal
 * data: a code with a number as long as a mobile's in it is none.
 */
final class Purpose {
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9 ._:/-]{1,64}");

  /** Possessive, so without backtracking. */
  private static final Pattern LONG_NUMBER = Pattern.compile("[0-9](?:[ -]*+[0-9]){6}");

  private Purpose() {}

  /** The code; null where there is none, or none that is fit to be kept. */
  static String of(String given) {
    boolean fit =
        given != null && CODE.matcher(given).matches() && !LONG_NUMBER.matcher(given).find();
    return fit ? given : null;
  }
}
