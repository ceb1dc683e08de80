package infopass.gateway.config;

import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Puts environment variables and files into a text: {@code ${NAME}}, {@code ${NAME:default}} and
 * {@code ${file:/run/secrets/name}}, of all of which line ends at the end are left out; {@code
 * $${NAME}} stays a literal {@code ${NAME}}. What comes from there is not looked at again.
 */
final class EnvironmentText {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private static final String FILE = "file:";

  private final Map<String, String> environment;

  EnvironmentText(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Tells every fault by its rule alone: the text may be a secret. */
  String substitute(String raw, Consumer<String> faults) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int open = raw.indexOf("${"); open >= 0; open = raw.indexOf("${", from)) {
      boolean escaped = open > from && raw.charAt(open - 1) == '$';
      int close = raw.indexOf('}', open);
      if (escaped) {
        out.append(raw, from, open - 1).append("${");
        from = open + 2;
      } else if (close < 0) {
        faults.accept("has a ${ without its }; write $${ for a literal one");
        return raw;
      } else {
        out.append(raw, from, open).append(variable(raw.substring(open + 2, close), faults));
        from = close + 1;
      }
    }
    return out.append(raw, from, raw.length()).toString();
  }

  private String variable(String reference, Consumer<String> faults) {
    if (reference.startsWith(FILE)) {
      return SecretFile.read(reference.substring(FILE.length()), faults);
    }
    int colon = reference.indexOf(':');
    String name = colon < 0 ? reference : reference.substring(0, colon);
    String fallback = colon < 0 ? null : reference.substring(colon + 1);
    if (!NAME.matcher(name).matches()) {
      faults.accept("has a ${...} that names no environment variable; write $${ for a literal one");
      return "";
    }
    if (fallback != null && fallback.contains("${")) {
      faults.accept("has a ${...} inside the default of another");
      return "";
    }
    String value = environment.getOrDefault(name, fallback);
    if (value == null) {
      faults.accept("environment variable " + Shown.printable(name) + " is not set");
      return "";
    }
    return withoutLineEnd(value);
  }

  /** As of a file: what made the variable may have put a line end behind it. */
  static String withoutLineEnd(String value) {
    return value.replaceFirst("[\\r\\n]+$", "");
  }
}
