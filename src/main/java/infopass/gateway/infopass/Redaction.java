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
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.:-]{1,32}");
  private static final Pattern PERSONAL =
      Pattern.compile(
          "[^\\s@<>\"']{1,64}@[^\\s@<>\"']{1,255}" // an email address
              + "|\\+?\\d(?:[ -]?[\\d*]){6,}+" // a number as long as a mobile's; possessive, so
              // without recursion
              + "|https?://\\S+" // a link
              + "|[A-Za-z0-9_.-]{32,}"); // a token
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  private Redaction() {}

  /** The code where it is one; else null. */
  static String code(String code) {
    return code != null && CODE.matcher(code).matches() ? code : null;
  }

  /**
   * The message without personal data; null where there was none.
   *
   * @param request the request's JSON, whose values must not be repeated
   */
  static String message(String message, byte[] request) {
    if (message == null || message.isBlank()) {
      return null;
    }
    String text = cut(message, MAX_READ);
    text = CONTROL.matcher(text).replaceAll(" ");
    for (String value : values(request)) {
      text =
          Pattern.compile(Pattern.quote(value), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
              .matcher(text)
              .replaceAll(Matcher.quoteReplacement(HIDDEN));
    }
    text = PERSONAL.matcher(text).replaceAll(Matcher.quoteReplacement(HIDDEN)).strip();
    return text.length() > MAX_MESSAGE ? cut(text, MAX_MESSAGE - 1) + '…' : text;
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
