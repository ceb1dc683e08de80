package infopass.gateway.intake;

import infopass.gateway.config.HostNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The rule of each field, in words that never quote the value. Lengths count code points. */
final class FieldRules {
  private static final int MIN_MOBILE_DIGITS = 8;
  private static final int MAX_MOBILE_DIGITS = 15;
  private static final int MAX_LOCAL_PART = 64;

  /** A quoted string of RFC 5321 section 4.1.2. */
  private static final Pattern QUOTED = Pattern.compile("\"([ !#-\\[\\]-~]|\\\\[ -~])+\"");

  private static final String ATOM_SIGNS = "!#$%&'*+-/=?^_`{|}~.";

  private FieldRules() {}

  /** What is wrong with a non-empty value; empty where nothing is. */
  static List<String> broken(String field, String value, InitConfig rules) {
    List<String> broken = new ArrayList<>(0);
    if (hasControl(value)) {
      broken.add("must not contain control characters");
    }
    switch (field) {
      case "name" -> words(200, value, broken);
      case "email" -> email(value, rules.allowMasked(), broken);
      case "mobile" -> mobile(value, rules.allowMasked(), broken);
      case "redirectUrl" -> {
        atMost(2048, value, broken);
        if (!RedirectUrl.valid(value, rules.redirectSchemes())) {
          broken.add(
              "must be an absolute URL with a scheme of "
                  + rules.redirectSchemes()
                  + ", a host and no user-info");
        }
      }
      case "state" -> words(100, value, broken);
      default -> {
        // A field that only this operator requires: there is no rule beyond being there.
      }
    }
    return broken;
  }

  private static void words(int limit, String value, List<String> broken) {
    atMost(limit, value, broken);
    if (value.codePoints().allMatch(FieldRules::isBlank)) {
      broken.add("must not be blank");
    }
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.getType(c) == Character.FORMAT;
  }

  private static void email(String value, boolean allowMasked, List<String> broken) {
    atMost(254, value, broken);
    int at = value.indexOf('@');
    if (at <= 0 || at != value.lastIndexOf('@') || at == value.length() - 1) {
      broken.add("must hold exactly one @ between two parts");
    } else {
      if (!isLocalPart(value.substring(0, at))) {
        broken.add("must not have spaces, stray dots or special characters before the @");
      }
      // A mask may stand for any letter of the name.
      if (!isDomain(value.substring(at + 1).replace('*', 'x'))) {
        broken.add("must have a domain name behind the @");
      }
    }
    masked(value, allowMasked, broken);
  }

  /** A dot-atom, with the letters of all scripts (RFC 6531), or a quoted string. */
  private static boolean isLocalPart(String part) {
    if (QUOTED.matcher(part).matches()) {
      return part.length() <= MAX_LOCAL_PART;
    }
    if (part.getBytes(StandardCharsets.UTF_8).length > MAX_LOCAL_PART
        || part.startsWith(".")
        || part.endsWith(".")
        || part.contains("..")) {
      return false;
    }
    return part.codePoints()
        .allMatch(
            c ->
                c >= 0x80
                    ? isLetterOfAScript(c)
                    : Character.isLetterOrDigit(c) || ATOM_SIGNS.indexOf(c) >= 0);
  }

  /** No space, no half of a pair, and nothing unseen but the joiners of some scripts. */
  private static boolean isLetterOfAScript(int c) {
    int type = Character.getType(c);
    return !Character.isWhitespace(c)
        && !Character.isSpaceChar(c)
        && type != Character.SURROGATE
        && type != Character.UNASSIGNED
        && (type != Character.FORMAT || c == 0x200c || c == 0x200d);
  }

  private static boolean isDomain(String domain) {
    String ascii = domain.endsWith(".") ? null : HostNames.toAscii(domain).orElse(null);
    if (ascii == null || ascii.indexOf('_') >= 0) {
      return false;
    }
    for (String label : ascii.split("\\.")) {
      if (label.startsWith("-") || label.endsWith("-")) {
        return false;
      }
    }
    String last = ascii.substring(ascii.lastIndexOf('.') + 1);
    return !last.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static void mobile(String value, boolean allowMasked, List<String> broken) {
    masked(value, allowMasked, broken);
    int digits = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= '0' && c <= '9' || c == '*') {
        digits++;
      } else if (c != ' ' && c != '-' && (c != '+' || value.lastIndexOf('+') > 0)) {
        broken.add("must hold digits only, besides a + at its start, - and spaces");
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
      char c = value.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        return true;
      }
    }
    return false;
  }
}
