package infopass.gateway.sandbox;

import java.util.regex.Pattern;

/**
 * The beginning of a name, read as a scenario and what follows it: {@code Status 429 7 Kumar} is
 * the word {@code Status} with the arguments {@code 429}, {@code 7} and {@code Kumar}.
 *
 * <p>The word ends where its letters do, so that {@code Slow300} is {@code Slow} with {@code 300},
 * and {@code ResetAfter} is not {@code Reset}, nor is {@code Emptyson} {@code Empty}.
 */
record Cue(String word, String[] arguments) {

  private static final String[] NONE = {};
  private static final int MOST_ARGUMENTS = 4;
  private static final int MOST_DIGITS = 9;
  private static final Pattern SPACES = Pattern.compile(" +");
  private static final Pattern JSON_NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?");

  static Cue in(String name) {
    int end = 0;
    while (end < name.length() && Character.isLetter(name.codePointAt(end))) {
      end += Character.charCount(name.codePointAt(end));
    }
    int from = end;
    while (from < name.length() && name.charAt(from) == ' ') {
      from++;
    }
    return new Cue(
        name.substring(0, end),
        from == name.length() ? NONE : SPACES.split(name.substring(from), MOST_ARGUMENTS));
  }

  /** The argument at that index, or an empty string. */
  String argument(int index) {
    return index < arguments.length ? arguments[index] : "";
  }

  /** The number at that index, or the default if there is no number of up to nine digits. */
  int number(int index, int otherwise) {
    String text = argument(index);
    boolean number =
        !text.isEmpty()
            && text.length() <= MOST_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(text) : otherwise;
  }

  /** The argument at that index as it is, or the default if JSON would not call it a number. */
  String jsonNumber(int index, String otherwise) {
    return JSON_NUMBER.matcher(argument(index)).matches() ? argument(index) : otherwise;
  }
}
