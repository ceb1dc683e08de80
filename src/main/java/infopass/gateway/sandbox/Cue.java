package infopass.gateway.sandbox;

/**
 * The beginning of a name, read as a scenario and what follows it: {@code Status 429 7 Kumar} is
 * the word {@code Status} with the arguments {@code 429}, {@code 7} and {@code Kumar}.
 */
record Cue(String word, String[] arguments) {

  private static final String[] NONE = {};
  private static final int MOST_DIGITS = 9;

  static Cue in(String name) {
    int end = name.indexOf(' ');
    return end < 0
        ? new Cue(name, NONE)
        : new Cue(name.substring(0, end), name.substring(end + 1).split(" ", 4));
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
}
