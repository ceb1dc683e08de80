package infopass.gateway.callers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BasicAuthorizationTest {

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({"u:p,u", "u:,u", "u:p:q,u", "u::,u", "a b:c,a b", "\u00fc:p,\u00fc"})
  void theUserIdEndsAtTheFirstColon(String pair, String userId) {
    // When
    BasicAuthorization read = BasicAuthorization.parse(basic(pair)).orElseThrow();

    // Then
    assertEquals(userId, read.userId());
    assertEquals(basic(pair), read.value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic dTpw", "Basic dTo", "basic dTpw", "BASIC   dTpw", "Basic dTpw "})
  void takesEachSpellingAndPassesItOnAsItCame(String field) {
    BasicAuthorization read = BasicAuthorization.parse(field).orElseThrow();
    assertEquals("u", read.userId());
    assertEquals(field, read.value());
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "Basic",
        "Basic ",
        "Basic\tdTpw",
        "Basicx dTpw",
        "Bearer dTpw",
        "dTpw",
        "Basic u:p",
        "Basic dTp*",
        "Basic dTpw=",
        "Basic d Tpw",
        "Basic dQ==",
        "Basic dTpw,dTpw"
      })
  void refusesWhatIsNotBasic(String field) {
    assertTrue(BasicAuthorization.parse(field).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"u\n:p", "u:p\r", "\0:p", "u\u007f:p", "u:\tp"})
  void refusesControlCharacters(String pair) {
    assertTrue(BasicAuthorization.parse(basic(pair)).isEmpty());
  }

  @Test
  void refusesThePasswordAlone() {
    assertTrue(BasicAuthorization.parse(basic("no colon")).isEmpty());
  }

  @Test
  void showsNothing() {
    String text = BasicAuthorization.parse(basic("alice:s3cr3t")).orElseThrow().toString();
    assertFalse(text.contains("alice") || text.contains("s3cr3t") || text.contains("YWxpY2U"));
  }
}
