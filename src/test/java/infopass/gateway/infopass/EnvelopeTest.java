package infopass.gateway.infopass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private static final String DOCUMENT =
      "{\"code\":\"0x0200\",\"message\":\"Found.\",\"status\":\"SUCCESS\",\"data\":{"
          + "\"clientId\":\"digilocker_a\",\"token\":\"t\",\"url\":\"https://h/?token=t\","
          + "\"expirySeconds\":600}}";

  private static Envelope read(String document) throws MalformedJsonException {
    return Envelope.read(document.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsTheMembersThatMatter() throws Exception {
    Envelope envelope = read(DOCUMENT);

    assertEquals("0x0200", envelope.code());
    assertEquals("Found.", envelope.message());
    assertEquals("SUCCESS", envelope.status());
    assertEquals("digilocker_a", envelope.clientId());
    assertEquals("t", envelope.token());
    assertEquals("https://h/?token=t", envelope.url());
    assertEquals(600, envelope.expirySeconds());
    assertFalse(envelope.hasOurMembers());
    assertEquals(DOCUMENT.length() - 1, envelope.closingBrace());
  }

  @Test
  void takesMembersInAnyOrderAndBesideOthers() throws Exception {
    Envelope envelope =
        read(
            " {\"x\":[{\"status\":\"no\"}],\"data\":{\"more\":{\"token\":\"no\"},\"token\":\"t\","
                + "\"list\":[1,[2]],\"expirySeconds\":1},\"status\":\"SUCCESS\"} \n");

    assertEquals("SUCCESS", envelope.status());
    assertEquals("t", envelope.token());
    assertEquals(1, envelope.expirySeconds());
  }

  @Test
  void noticesMembersWithOurNamesAtTheTopOnly() throws Exception {
    assertTrue(read("{\"correlationId\":1}").hasOurMembers());
    assertTrue(read("{\"countdown\":{}}").hasOurMembers());
    assertTrue(read("{\"count\\u0064own\":{}}").hasOurMembers());
    assertFalse(read("{\"data\":{\"countdown\":1},\"Countdown\":1}").hasOurMembers());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "600, 600",
        "600.0, 600",
        "'\"600\"', 600",
        "'\" 600 \"', 0",
        "'\"600.0\"', 600",
        "600.7, 600",
        "600.9999999999, 600",
        "1e3, 1000",
        "6.0E2, 600",
        "0.5, 0",
        "0, 0",
        "-0, 0",
        "-1, -1",
        "null, 0",
        "true, 0",
        "[600], 0",
        "{}, 0",
        "'\"\"', 0",
        "'\"ten\"', 0",
        "'\"0x258\"', 0",
        "'\"NaN\"', 0",
        "'\"600s\"', 0",
        "86400, 86400",
        "86401, 86401",
        "9223372036854775807, 9223372036854775807",
        "9223372036854775808, 0",
        "1e999999999, 0",
        "-1e999999999, 0",
        "1e-999999999, 0",
        "'\"1e999999999\"', 0",
        "99999999999999999999999999999999999999999999, 0",
      })
  void readsAnyWayToWriteWholeSecondsAndNothingElse(String written, long seconds) throws Exception {
    assertEquals(seconds, read("{\"data\":{\"expirySeconds\":" + written + "}}").expirySeconds());
  }

  @Test
  void takesNoOtherTypeForText() throws Exception {
    for (String value : List.of("1", "null", "true", "[\"x\"]", "{\"a\":\"x\"}")) {
      Envelope envelope =
          read(
              "{\"status\":%1$s,\"code\":%1$s,\"message\":%1$s,\"data\":{\"clientId\":%1$s,\"token\":%1$s,\"url\":%1$s}}"
                  .formatted(value));

      assertNull(envelope.status());
      assertEquals(value.equals("1") ? "1" : null, envelope.code(), "a code may be a number");
      assertNull(envelope.message());
      assertNull(envelope.clientId());
      assertNull(envelope.token());
      assertNull(envelope.url());
    }
  }

  @Test
  void hasNoMembersWhereDataIsNoObject() throws Exception {
    for (String data : List.of("null", "[]", "\"SUCCESS\"", "[{\"token\":\"t\"}]")) {
      assertNull(read("{\"data\":" + data + "}").token());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "null",
        "\"x\"",
        "{",
        "{\"status\":\"SUCCESS\"}}",
        "{\"status\":\"SUCCESS\"}{}",
        "{\"status\":\"SUCCESS\"} x",
        "{\"status\":\"SUCCESS\",\"status\":\"SUCCESS\"}",
        "{\"data\":{\"token\":\"a\",\"token\":\"b\"}}",
        "{\"data\":{\"token\":\"a\",\"t\\u006fken\":\"b\"}}",
        "{\"data\":{\"expirySeconds\":NaN}}",
        "{\"data\":{\"expirySeconds\":0600}}",
        "{\"data\":{\"expirySeconds\":+600}}",
        "{\"data\":{\"expirySeconds\":600,}}",
        "{\"data\":{\"expirySeconds\":\"\\ud800\"}}",
        "{\"data\":{\"token\":\"\\ud800\"}}",
        "{\"data\":{\"clientId\":\"\\udc00x\"}}",
        "{\"data\":{\"url\":\"x\\ud83d\"}}",
        "{\"data\":{\"other\":\"\\ud83d\"}}",
        "{\"data\":{\"\\ud83d\":1}}",
        "{\"message\":\"\\ud83d\"}",
        "\uFEFF{\"status\":\"SUCCESS\"}",
        "<html></html>"
      })
  void refusesWhatIsNotOneStrictDocument(String document) {
    assertThrows(MalformedJsonException.class, () -> read(document));
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[] latin = "{\"message\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    byte[] utf16 = DOCUMENT.getBytes(StandardCharsets.UTF_16LE);

    assertThrows(MalformedJsonException.class, () -> Envelope.read(latin));
    assertThrows(MalformedJsonException.class, () -> Envelope.read(utf16));
  }

  @Test
  void showsNothingOfItsContents() throws Exception {
    assertEquals("Envelope[status=true]", read(DOCUMENT).toString());
  }
}
