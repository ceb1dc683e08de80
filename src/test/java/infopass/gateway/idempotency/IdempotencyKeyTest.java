package infopass.gateway.idempotency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"8e03978e-40d5-43dd-bc93-6894a57f9324\" | 8e03978e-40d5-43dd-bc93-6894a57f9324",
        "8e03978e-40d5-43dd-bc93-6894a57f9324 | 8e03978e-40d5-43dd-bc93-6894a57f9324",
        "\"a b\" | a b",
        "\"a\\\"b\\\\c\" | a\"b\\c",
        "\"a,b\" | a,b",
        "\"a\";v=1 | a",
        "\"a\" ; v=1 | a",
        "a:b/c=d | a:b/c=d"
      })
  void quotedAndBareAreRead(String field, String key) {
    assertEquals(key, IdempotencyKey.parse(List.of(field)).orElseThrow().value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\"\"",
        "\"a",
        "a\"",
        "\"a\\b\"",
        "\"a\\",
        "\"a\"b",
        "\"a\", \"b\"",
        "a,b",
        "a;b",
        "a b",
        "\"\u00e9\"",
        "\u00e9",
        "\"a\u0007\""
      })
  void anythingElseIsMalformedAndNotRepeated(String field) {
    IllegalArgumentException malformed =
        assertThrows(
            IllegalArgumentException.class, () -> IdempotencyKey.parse(List.of(field)), field);
    assertTrue(malformed.getMessage().startsWith("The Idempotency-Key "), malformed.getMessage());
    assertFalse(field.length() > 3 && malformed.getMessage().contains(field));
  }

  @Test
  void aKeyHasUpTo255Characters() {
    assertTrue(IdempotencyKey.parse(List.of("k".repeat(255))).isPresent());
    assertTrue(IdempotencyKey.parse(List.of('"' + "k".repeat(255) + '"')).isPresent());
    for (String tooLong : List.of("k".repeat(256), '"' + "k".repeat(256) + '"')) {
      assertThrows(
          IllegalArgumentException.class, () -> IdempotencyKey.parse(List.of(tooLong)), tooLong);
    }
  }

  @Test
  void twoLinesAreMalformedAndNoneIsNoKey() {
    assertThrows(
        IllegalArgumentException.class, () -> IdempotencyKey.parse(List.of("\"a\"", "\"a\"")));
    assertTrue(IdempotencyKey.parse(List.of()).isEmpty());
  }

  @Test
  void aKeyIsNotShown() {
    assertFalse(IdempotencyKey.parse(List.of("secret-key")).toString().contains("secret"));
  }
}
