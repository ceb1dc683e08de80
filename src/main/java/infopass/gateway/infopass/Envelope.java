package infopass.gateway.infopass;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import infopass.gateway.json.MalformedJsonException;
import infopass.gateway.json.StrictJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The members of the partner's answer that matter; null, or zero, where one is missing or of
 * another type. Holds the token and the link: {@link #toString()} shows neither.
 */
final class Envelope {
  private static final int MAX_NUMBER_LENGTH = 32;
  private static final List<String> OUTER = List.of("status", "code", "message", "data");
  private static final List<String> INNER = List.of("clientId", "token", "url", "expirySeconds");
  private static final Pattern DECIMAL = Pattern.compile("[0-9]+(\\.[0-9]+)?");

  private String status;
  private String code;
  private String message;
  private String clientId;
  private String token;
  private String url;
  private long expirySeconds;
  private int closingBrace;
  private boolean ours;
  private int seen;

  private Envelope() {}

  /**
   * Reads the answer.
   *
   * @throws MalformedJsonException where it is not one JSON object, or a member that is read comes
   *     twice
   */
  static Envelope read(byte[] document) throws MalformedJsonException {
    Envelope envelope = new Envelope();
    envelope.closingBrace = StrictJson.readTolerantly(document, envelope::member);
    return envelope;
  }

  private void member(String name, JsonParser value) throws IOException {
    once(OUTER.indexOf(name));
    switch (name) {
      case "status" -> status = text(value);
      case "code" -> code = code(value);
      case "message" -> message = text(value);
      case "data" -> data(value);
      default -> ours |= OurMembers.has(name); // All else is the caller's to read.
    }
  }

  private void data(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    String name = StrictJson.nextName(parser);
    while (name != null) {
      parser.nextToken();
      int inner = INNER.indexOf(name);
      once(inner < 0 ? inner : inner + OUTER.size());
      switch (name) {
        case "clientId" -> clientId = text(parser);
        case "token" -> token = text(parser);
        case "url" -> url = text(parser);
        case "expirySeconds" -> expirySeconds = seconds(parser);
        default -> StrictJson.skip(parser);
      }
      name = StrictJson.nextName(parser);
    }
  }

  /** Refuses a second member of a name that is read: two readers could take a different one. */
  private void once(int member) throws MalformedJsonException {
    if (member >= 0) {
      int bit = 1 << member;
      if ((seen & bit) != 0) {
        throw new MalformedJsonException("a member that is read comes twice");
      }
      seen |= bit;
    }
  }

  private static String text(JsonParser parser) throws IOException {
    String text = parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    StrictJson.skip(parser);
    return text;
  }

  /** A sister API may say 422 where Infopass says "0x0422". */
  private static String code(JsonParser parser) throws IOException {
    return parser.currentToken().isNumeric() ? parser.getText() : text(parser);
  }

  /** 600, 600.0 and "600" alike; a fraction is cut off; zero for anything else. */
  private static long seconds(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    StrictJson.skip(parser);
    if (token != JsonToken.VALUE_STRING && !token.isNumeric()) {
      return 0;
    }
    String text = parser.getText();
    if (text.length() > MAX_NUMBER_LENGTH
        || token == JsonToken.VALUE_STRING && !DECIMAL.matcher(text).matches()) {
      return 0;
    }
    try {
      BigDecimal number = new BigDecimal(text);
      // The scale is checked first: setScale on 1e999999999 would write out all of its digits.
      boolean sane = Math.abs((long) number.scale()) <= MAX_NUMBER_LENGTH;
      return sane ? number.setScale(0, RoundingMode.DOWN).longValueExact() : 0;
    } catch (ArithmeticException | NumberFormatException e) {
      return 0;
    }
  }

  String status() {
    return status;
  }

  String code() {
    return code;
  }

  String message() {
    return message;
  }

  String clientId() {
    return clientId;
  }

  String token() {
    return token;
  }

  String url() {
    return url;
  }

  /** Whether there is a token or a link, whatever the status says. */
  boolean holdsLink() {
    return token != null && !token.isBlank() || url != null && !url.isBlank();
  }

  /** Whole seconds; zero or less where there is no usable number. */
  long expirySeconds() {
    return expirySeconds;
  }

  /** Index of the brace that ends the document. */
  int closingBrace() {
    return closingBrace;
  }

  /** Whether it already has a member with a name that we append. */
  boolean hasOurMembers() {
    return ours;
  }

  @Override
  public String toString() {
    return "Envelope[status=" + (status != null) + "]";
  }
}
