package infopass.gateway.infopass;

import com.fasterxml.jackson.core.JsonToken;
import infopass.gateway.json.MalformedJsonException;
import infopass.gateway.json.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the partner's words safe to show: bounded, without control characters, and without what
 * they may repeat of the request or look like a person's data or a token.
 */
final class Redaction {
  private static final int MAX_MESSAGE = 200;
  private static final int MAX_READ = 4_000;
  private static final int SHORTEST_VALUE = 3;
  private static final String HIDDEN = "***";
  private static final int MAX_CODE = 32;
  private static final Pattern USUAL_IN_CODES = Pattern.compile("[A-Za-z0-9]");
  private static final Pattern UNUSUAL_IN_CODES = Pattern.compile("[^A-Za-z0-9_.:*-]");
  private static final Pattern PERSONAL =
      Pattern.compile(
          "[^\\s@<>\"']{1,64}@[^\\s@<>\"']{1,255}" // an email address
              + "|\\+?\\d(?:[ -]?[\\d*]){6,}+" // a number as long as a mobile's; possessive, so
              // without recursion
              + "|https?://\\S+" // a link
              + "|[A-Za-z0-9_.-]{32,}"); // a token
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  private Redaction() {}

  /**
   * The code without personal data, with a {@code *} for each character that codes do not have;
   * null where there was none, or nothing is left of it.
   *
   * @param request the request's JSON, whose values must not be repeated
   */
  static String code(String code, byte[] request) {
    String text = code == null ? null : withoutPersons(code, request);
    if (text == null) {
      return null;
    }
    // Once more afterwards: what was between the digits of a number is masked now.
    text = withoutPersonal(UNUSUAL_IN_CODES.matcher(text).replaceAll("*"));
    text = cut(text, MAX_CODE);
    return USUAL_IN_CODES.matcher(text).find() ? text : null;
  }

  /**
   * The message without personal data; null where there was none.
   *
   * @param request the request's JSON, whose values must not be repeated
   */
  static String message(String message, byte[] request) {
    String text = message == null ? null : withoutPersons(message, request);
    return text == null || text.length() <= MAX_MESSAGE ? text : cut(text, MAX_MESSAGE - 1) + '…';
  }

  /** What was said, without control characters and persons; null for what is blank. */
  private static String withoutPersons(String said, byte[] request) {
    if (said.isBlank()) {
      return null;
    }
    String text = cut(said, MAX_READ);
    text = CONTROL.matcher(text).replaceAll(" ");
    for (String value : values(request)) {
      text =
          Pattern.compile(Pattern.quote(value), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
              .matcher(text)
              .replaceAll(Matcher.quoteReplacement(HIDDEN));
    }
    return withoutPersonal(text).strip();
  }

  private static String withoutPersonal(String text) {
    return PERSONAL.matcher(text).replaceAll(Matcher.quoteReplacement(HIDDEN));
  }

  /** At most that long, and never through the middle of a surrogate pair. */
  private static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    return text.substring(
        0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
  }

  private static List<String> values(byte[] request) {
    List<String> values = new ArrayList<>();
    try {
      StrictJson.readObject(
          request,
          (name, value) -> {
            if (value.currentToken() == JsonToken.VALUE_STRING
                && value.getText().length() >= SHORTEST_VALUE) {
              values.add(value.getText());
            }
          });
    } catch (MalformedJsonException e) {
      // Checked at the door; where it is not JSON there is nothing to repeat.
    }
    values.sort((a, b) -> Integer.compare(b.length(), a.length()));
    return values;
  }
}
