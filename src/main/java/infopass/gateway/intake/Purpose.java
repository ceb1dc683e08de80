package infopass.gateway.intake;

import java.util.regex.Pattern;

/** What a caller says an init is for: a short code, for the audit record only. */
final class Purpose {
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9 ._:/-]{1,64}");

  private Purpose() {}

  /** The code; null where there is none, or none that is fit to be kept. */
  static String of(String given) {
    return given != null && CODE.matcher(given).matches() ? given : null;
  }
}
