package infopass.gateway.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A second reader of the JSON that {@link StrictJson} accepts, written from RFC 8259 alone and
 * sharing nothing with it: what the two read differently is a mistake of one of them.
 */
public final class NaiveJson {
  /** What stands for a value that is no string. */
  public static final Object OTHER = new Object();

  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

  private final String text;
  private int at;

  private NaiveJson(String text) {
    this.text = text;
  }

  /** A document is not strict JSON. */
  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super(null, null, false, false);
    }
  }

  /**
   * The members of an object, strings as such and anything else as {@link #OTHER}; a string or
   * {@link #OTHER} where the document is no object; null where it is not strict JSON.
   */
  public static Object read(byte[] document) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
      NaiveJson reader = new NaiveJson(text);
      reader.space();
      Object value = reader.value(1);
      reader.space();
      return reader.at == text.length() ? value : null;
    } catch (CharacterCodingException | Malformed e) {
      return null;
    }
  }

  private Object value(int depth) {
    char first = peek();
    if (first == '"') {
      return string();
    }
    if (first == '{' || first == '[') {
      if (depth > StrictJson.MAX_DEPTH) {
        throw new Malformed();
      }
      at++;
      return first == '{' ? object(depth) : array(depth);
    }
    for (String word : new String[] {"true", "false", "null"}) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return OTHER;
      }
    }
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) {
      throw new Malformed();
    }
    at = number.end();
    return OTHER;
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> members = new LinkedHashMap<>();
    space();
    if (peek() == '}') {
      at++;
      return members;
    }
    while (true) {
      space();
      if (peek() != '"') {
        throw new Malformed();
      }
      String name = string();
      space();
      take(':');
      space();
      if (members.put(name, value(depth + 1)) != null) {
        throw new Malformed();
      }
      if (ended('}')) {
        return members;
      }
    }
  }

  private Object array(int depth) {
    space();
    if (peek() == ']') {
      at++;
      return OTHER;
    }
    do {
      space();
      value(depth + 1);
    } while (!ended(']'));
    return OTHER;
  }

  /** Whether the bracket comes, and no comma. */
  private boolean ended(char bracket) {
    space();
    char next = peek();
    at++;
    if (next != bracket && next != ',') {
      throw new Malformed();
    }
    return next == bracket;
  }

  private String string() {
    take('"');
    StringBuilder string = new StringBuilder();
    for (char c = peek(); c != '"'; c = peek()) {
      at++;
      if (c < ' ') {
        throw new Malformed();
      }
      string.append(c == '\\' ? escaped() : c);
    }
    at++;
    // Half a surrogate pair comes out of a round through UTF-8 as something else.
    String whole = string.toString();
    byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
    if (!new String(bytes, StandardCharsets.UTF_8).equals(whole)) {
      throw new Malformed();
    }
    return whole;
  }

  private char escaped() {
    char c = peek();
    at++;
    int simple = "\"\\/bfnrt".indexOf(c);
    if (simple >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(simple);
    }
    if (c != 'u' || at + 4 > text.length()) {
      throw new Malformed();
    }
    String hex = text.substring(at, at + 4);
    if (!hex.matches("[0-9A-Fa-f]{4}")) {
      throw new Malformed();
    }
    at += 4;
    return (char) Integer.parseInt(hex, 16);
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void take(char expected) {
    if (peek() != expected) {
      throw new Malformed();
    }
    at++;
  }

  private char peek() {
    if (at >= text.length()) {
      throw new Malformed();
    }
    return text.charAt(at);
  }
}
