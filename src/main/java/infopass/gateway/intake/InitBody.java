package infopass.gateway.intake;

import com.fasterxml.jackson.core.JsonToken;
import infopass.gateway.digilocker.FieldFault;
import infopass.gateway.json.MalformedJsonException;
import infopass.gateway.json.StrictJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The members of a request body that the rules look at. Holds personal data: never logged.
 *
 * <p>A member is in {@code texts} where it is a string, in {@code others} where it is anything
 * else.
 */
final class InitBody {
  private final Map<String, String> texts = new HashMap<>(8);
  private final Map<String, String> others = new HashMap<>(2);

  private InitBody() {}

  /**
   * Reads the body.
   *
   * @throws MalformedJsonException where it is not strict JSON or not an object
   */
  static InitBody read(byte[] bytes) throws MalformedJsonException {
    InitBody body = new InitBody();
    StrictJson.readObject(
        bytes,
        (name, value) -> {
          JsonToken token = value.currentToken();
          if (token == JsonToken.VALUE_STRING) {
            body.texts.put(name, value.getText());
          } else {
            body.others.put(name, kind(token));
          }
        });
    return body;
  }

  /** The member's value where it is a string, else null. */
  String text(String name) {
    return texts.get(name);
  }

  /** Every fault of the body under these rules, in the order of the partner's documentation. */
  List<FieldFault> faults(InitConfig rules) {
    List<FieldFault> faults = new ArrayList<>();
    for (String field : InitConfig.ALL_FIELDS) {
      check(field, rules, faults);
    }
    for (String field : rules.required()) {
      if (!InitConfig.ALL_FIELDS.contains(field)) {
        check(field, rules, faults);
      }
    }
    return faults;
  }

  private void check(String field, InitConfig rules, List<FieldFault> faults) {
    String text = texts.get(field);
    if (text == null) {
      String other = others.get(field);
      if (other != null) {
        faults.add(fault(field, "must be a string, not " + other));
      } else if (rules.required().contains(field)) {
        faults.add(fault(field, "is required"));
      }
      return;
    }
    if (text.isEmpty()) {
      faults.add(fault(field, "must not be empty"));
      return;
    }
    for (String broken : FieldRules.broken(field, text, rules)) {
      faults.add(fault(field, broken));
    }
  }

  private static FieldFault fault(String field, String detail) {
    return new FieldFault(pointer(field), detail);
  }

  /** RFC 6901: {@code ~} and {@code /} escaped, then percent-encoded as a URI fragment. */
  private static String pointer(String field) {
    String token = field.replace("~", "~0").replace("/", "~1");
    return "#/"
        + java.net.URLEncoder.encode(token, java.nio.charset.StandardCharsets.UTF_8)
            .replace("+", "%20")
            .replace("%7E", "~");
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_NULL -> "null";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      default -> "a number";
    };
  }

  @Override
  public String toString() {
    return "InitBody[" + (texts.size() + others.size()) + " members]";
  }
}
