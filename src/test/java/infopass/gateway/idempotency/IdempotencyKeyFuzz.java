package infopass.gateway.idempotency;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Idempotency-Key field: only the declared exception, which never quotes the key; every string
 * of structured fields is read as what it spells, and no two keys are taken for one.
 */
public final class IdempotencyKeyFuzz {
  /** RFC 8941 section 3.3.3, without parameters. */
  private static final Pattern STRING =
      Pattern.compile(" *\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*)\" *");

  private IdempotencyKeyFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String field = new String(input, ISO_8859_1);
    Optional<IdempotencyKey> read = parse(field);
    Matcher string = STRING.matcher(field);
    if (string.matches()) {
      String spelled = string.group(1).replaceAll("\\\\(.)", "$1");
      boolean fits = !spelled.isEmpty() && spelled.length() <= 255;
      require(read.isPresent() == fits, "a string of RFC 8941 that is not read");
      read.ifPresent(key -> require(key.value().equals(spelled), "another key"));
    }
    read.ifPresent(IdempotencyKeyFuzz::check);
    List<String> lines = List.of(field.split("\n", 4));
    if (lines.size() > 1) {
      try {
        IdempotencyKey.parse(lines);
        throw new AssertionError("two keys were taken for one");
      } catch (IllegalArgumentException declared) {
        // Which of the two would it be?
      }
    }
  }

  private static Optional<IdempotencyKey> parse(String field) {
    try {
      return IdempotencyKey.parse(List.of(field));
    } catch (IllegalArgumentException e) {
      String shown = e.getMessage().replaceAll("The Idempotency-Key [a-zA-Z0-9 ]+\\.", "");
      require(shown.isEmpty(), "the message says " + shown);
      return Optional.empty();
    }
  }

  private static void check(IdempotencyKey key) {
    require(key.value().matches("[ -~]{1,255}"), "a key that is not 1 to 255 printable characters");
    String quoted = '"' + key.value().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    require(parse(quoted).equals(Optional.of(key)), "quoted it is another key");
    require(key.toString().equals("IdempotencyKey[***]"), "the key is shown");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
