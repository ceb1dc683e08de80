package infopass.gateway.config;

import com.ibm.icu.text.IDNA;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Converts host names as browsers do (UTS #46, nontransitional, with the checks of joiners and of
 * bidirectional text), so that one name is one host. Thread-safe.
 */
public final class HostNames {
  /** Longest host name; also keeps the conversion of long ones from taking long. */
  private static final int MAX_NAME = 253;

  private static final int MAX_LABEL = 63;
  private static final String ENCODED = "xn--";

  private static final IDNA UTS46 =
      IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ);

  /** What browsers pass: hyphens wherever they are, and the dot at the end. */
  private static final Set<IDNA.Error> PASSED =
      EnumSet.of(IDNA.Error.LEADING_HYPHEN, IDNA.Error.TRAILING_HYPHEN, IDNA.Error.HYPHEN_3_4);

  private HostNames() {}

  /** Reads the tables now, which takes its time, and not with the first name that needs them. */
  public static void load() {
    toAscii("\u0915.example");
  }

  /**
   * The name in ASCII and lower case, without a dot at its end; empty where it is no name. Letters,
   * digits, hyphens, underscores and dots are left.
   */
  public static Optional<String> toAscii(String host) {
    if (host.length() > MAX_NAME) {
      return Optional.empty();
    }
    String ascii = host.toLowerCase(Locale.ROOT);
    if (!isAscii(ascii) || ascii.contains(ENCODED)) {
      StringBuilder converted = new StringBuilder();
      IDNA.Info info = new IDNA.Info();
      UTS46.nameToASCII(host, converted, info);
      if (!PASSED.containsAll(info.getErrors())) {
        return Optional.empty();
      }
      ascii = converted.toString();
    }
    if (ascii.endsWith(".")) {
      ascii = ascii.substring(0, ascii.length() - 1);
    }
    return isName(ascii) ? Optional.of(ascii) : Optional.empty();
  }

  private static boolean isAscii(String host) {
    return host.chars().allMatch(c -> c < 0x80);
  }

  private static boolean isName(String ascii) {
    int label = 0;
    for (int i = 0; i < ascii.length(); i++) {
      char c = ascii.charAt(i);
      if (c == '.') {
        if (label == 0) {
          return false;
        }
        label = 0;
      } else if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
        label++;
      } else {
        return false;
      }
      if (label > MAX_LABEL) {
        return false;
      }
    }
    return label > 0 && ascii.length() <= MAX_NAME;
  }
}
