package infopass.gateway.intake;

import java.util.ArrayList;
import java.util.List;

/** The rule of each field, in words that never quote the value. Lengths count code points. */
final class FieldRules {
  private static final int MIN_MOBILE_DIGITS = 8;
  private static final int MAX_MOBILE_DIGITS = 15;

  private FieldRules() {}

  /** What is wrong with a non-empty value; empty where nothing is. */
  static List<String> broken(String field, String value, boolean allowMasked) {
    List<String> broken = new ArrayList<>(0);
    if (hasControl(value)) {
      broken.add("must not contain control characters");
    }
    switch (field) {
      case "name" -> atMost(200, value, broken);
      case "email" -> email(value, allowMasked, broken);
      case "mobile" -> mobile(value, allowMasked, broken);
      case "redirectUrl" -> {
        atMost(2048, value, broken);
        if (RedirectUrl.host(value).isEmpty()) {
          broken.add("must be an absolute http or https URL with a host and without user-info");
        }
      }
      case "state" -> atMost(100, value, broken);
      default -> {
        // A field that only this operator requires: there is no rule beyond being there.
      }
    }
    return broken;
  }

  private static void email(String value, boolean allowMasked, List<String> broken) {
    atMost(254, value, broken);
    int at = value.indexOf('@');
    if (at <= 0 || at != value.lastIndexOf('@') || at == value.length() - 1) {
      broken.add("must hold exactly one @ between two parts");
    }
    masked(value, allowMasked, broken);
  }

  private static void mobile(String value, boolean allowMasked, List<String> broken) {
    masked(value, allowMasked, broken);
    int digits = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= '0' && c <= '9' || c == '*') {
        digits++;
      } else if (c != '+' && c != ' ' && c != '-') {
        broken.add("must hold digits only, besides +, - and spaces");
        return;
      }
    }
    if (digits < MIN_MOBILE_DIGITS || digits > MAX_MOBILE_DIGITS) {
      broken.add("must have " + MIN_MOBILE_DIGITS + " to " + MAX_MOBILE_DIGITS + " digits");
    }
  }

  private static void masked(String value, boolean allowMasked, List<String> broken) {
    if (!allowMasked && value.indexOf('*') >= 0) {
      broken.add("must not be masked with *");
    }
  }

  private static void atMost(int limit, String value, List<String> broken) {
    if (value.length() > limit && value.codePointCount(0, value.length()) > limit) {
      broken.add("must have at most " + limit + " characters");
    }
  }

  private static boolean hasControl(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
