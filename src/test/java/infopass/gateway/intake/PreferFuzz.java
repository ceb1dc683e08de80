package infopass.gateway.intake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Prefer field, several lines of it: nothing is thrown, and where the field follows the grammar
 * of RFC 7240 its first {@code wait} is found, also behind quoted text that looks like one.
 */
public final class PreferFuzz {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}";
  private static final String WORD = "(?:" + TOKEN + "|\"[ !#-\\[\\]-~]{0,32}\")";
  private static final String ASSIGNED = "(" + TOKEN + ")(?: ?= ?(" + WORD + "))?";
  private static final Pattern PREFERENCE =
      Pattern.compile(ASSIGNED + "((?: ?; ?(?:" + ASSIGNED + ")?){0,8})( ?, ?|$)");

  private PreferFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, ISO_8859_1);
    Optional<Duration> all = Prefer.wait(List.of(text.split("\n", 8)));
    all.ifPresent(
        wait -> require(!wait.isNegative() && wait.toSeconds() < 1_000_000_000, "out of range"));
    Matcher preference = PREFERENCE.matcher(text);
    String first = null;
    int at = 0;
    int count = 0;
    while (at < text.length()) {
      if (!preference.region(at, text.length()).lookingAt() || ++count > 16) {
        return; // Not by the grammar, or longer than it is read.
      }
      at = preference.end();
      if (first == null && preference.group(1).equalsIgnoreCase("wait")) {
        first = preference.group(2) == null ? "" : preference.group(2).replace("\"", "");
      }
    }
    if (first == null || first.isEmpty()) {
      require(all.isEmpty(), "a wait where there is none");
    } else if (first.matches("[0-9]{1,9}")) {
      require(all.equals(Optional.of(Duration.ofSeconds(Long.parseLong(first)))), "another wait");
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
