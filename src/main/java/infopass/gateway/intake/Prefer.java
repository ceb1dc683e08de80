package infopass.gateway.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the caller's patience from {@code Prefer: wait=N} (RFC 7240 section 4.3). */
final class Prefer {
  private Prefer() {}

  /**
   * The first {@code wait} preference; empty where there is none or it is no number of seconds.
   *
   * @param fields the values of all Prefer fields
   */
  static Optional<Duration> wait(List<String> fields) {
    for (String field : fields) {
      for (String preference : preferences(field)) {
        String[] parts = preference.split(";", 2)[0].split("=", 2);
        if (parts[0].strip().equalsIgnoreCase("wait")) {
          return parts.length == 2 ? seconds(parts[1].strip()) : Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** What stands between commas; a comma in quotes is text (RFC 9110 section 5.6.1.2). */
  private static List<String> preferences(String field) {
    List<String> preferences = new ArrayList<>();
    boolean quoted = false;
    int from = 0;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == ',' && !quoted) {
        preferences.add(field.substring(from, i));
        from = i + 1;
      }
    }
    preferences.add(field.substring(from));
    return preferences;
  }

  private static Optional<Duration> seconds(String text) {
    String digits =
        text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")
            ? text.substring(1, text.length() - 1)
            : text;
    boolean valid =
        !digits.isEmpty()
            && digits.length() <= 9
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return valid ? Optional.of(Duration.ofSeconds(Long.parseLong(digits))) : Optional.empty();
  }
}
