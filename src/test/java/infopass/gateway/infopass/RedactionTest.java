package infopass.gateway.infopass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final byte[] REQUEST = Fixtures.REQUEST.getBytes(StandardCharsets.UTF_8);

  private static String message(String message) {
    return Redaction.message(message, REQUEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x0422", "KYC_FAILED", "a.b:c-d", "7"})
  void passesCodesOn(String code) {
    assertEquals(code, code(code));
  }

  private static String code(String code) {
    return Redaction.code(code, REQUEST);
  }

  @ParameterizedTest
  @CsvSource({
    "two words, two*words",
    "KYC/42, KYC*42",
    "'E\\n42\\0', E*42",
    "<b>, *b*",
    "पिन-7, ***-7",
    "😀7, *7",
    "ERR 422 (quota), ERR*422**quota*",
    "bad asha@example.in, bad****",
    "E Asha Rao 7, E*****7",
    "E919650000986, E***",
    "E 96500/00986, E****",
    "https://elsewhere.example/x 7, '****7'",
  })
  void masksInCodesWhatCodesDoNotHaveAndWhatIsPersonal(String code, String shown) {
    assertEquals(shown, code(code.translateEscapes()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "asha@example.in", "9650000986", "\n", "<>", "***"})
  void passesNothingOnThatIsNoCode(String code) {
    assertNull(code(code));
    assertNull(code(null));
  }

  @Test
  void cutsLongCodes() {
    assertEquals("E".repeat(20) + "*E".repeat(6), code("E".repeat(20) + "/E".repeat(3_000)));
    assertNull(code("x".repeat(33)), "as long as a token");
  }

  @ParameterizedTest
  @CsvSource({
    "Record not found., Record not found.",
    "Asha Rao is not known, *** is not known",
    "ASHA RAO is not known, *** is not known",
    "mail asha@example.in bounced, mail *** bounced",
    "mail ASHA@EXAMPLE.IN bounced, mail *** bounced",
    "mail other.person@example.org bounced, mail *** bounced",
    "mobile +91 96500-00986 is wrong, mobile *** is wrong",
    "mobile 919650000986 is wrong, mobile *** is wrong",
    "mobile 96500 00986 is wrong, mobile *** is wrong",
    "mobile 965*****986 is wrong, mobile *** is wrong",
    "see https://elsewhere.example/x?token=1 now, see *** now",
    "state Uttar Pradesh is closed, state *** is closed",
    "token eyJrVkrOyUzNK4nPTFGyUkrJTM_MyU_OTi2K90kOy is spent, token *** is spent",
    "code 422 at line 17, code 422 at line 17",
  })
  void hidesWhatIsTheRequestsOrLooksLikeAPersons(String said, String shown) {
    assertEquals(shown, message(said));
  }

  @Test
  void saysNothingWhereNothingWasSaid() {
    assertNull(message(null));
    assertNull(message(""));
    assertNull(message(" \n "));
  }

  @Test
  void takesControlCharactersOut() {
    assertEquals("a b c", message("a\r\n\tb\u0000\u0007c"));
  }

  @Test
  void isBounded() {
    String shown = message("word ".repeat(2_000));

    assertEquals(200, shown.length());
    assertTrue(shown.endsWith("…"));
  }

  @Test
  void doesNotCutACharacterInHalf() {
    for (int before = 190; before < 210; before++) {
      // When
      String shown = message("x y ".repeat(60).substring(0, before) + "\uD83D\uDE00".repeat(20));

      // Then
      byte[] utf8 = shown.getBytes(StandardCharsets.UTF_8);
      assertEquals(shown, new String(utf8, StandardCharsets.UTF_8));
    }
  }

  @Test
  void copesWithWhateverThePartnerWrites() {
    for (String piece : List.of("1", "12 ", "1-", "a@", "@", "9*", "http://", ".", "a.", "+1 ")) {
      String shown = message(piece.repeat(64_000 / piece.length()));
      assertTrue(shown == null || shown.length() <= 200);
    }
  }

  @Test
  void doesNotTakeTheRequestsValuesForPatterns() {
    // Given
    byte[] request =
        "{\"name\":\"\\\\E.*$1(\",\"state\":\"$0\\\\\"}".getBytes(StandardCharsets.UTF_8);

    // When, Then
    assertEquals("not *** here", Redaction.message("not \\E.*$1( here", request));
    assertEquals("anything", Redaction.message("anything", request));
  }

  @Test
  void hidesNoPartOfAWordForAVeryShortValue() {
    byte[] request = "{\"name\":\"Li\"}".getBytes(StandardCharsets.UTF_8);

    assertEquals("Limit reached", Redaction.message("Limit reached", request));
  }

  @Test
  void copesWithARequestThatIsNoJson() {
    assertEquals("text", Redaction.message("text", new byte[] {'x'}));
  }

  @Test
  void hidesTheRequestsDataAlsoWhereItIsWrittenInOtherLetters() {
    byte[] request = "{\"name\":\"Jürgen Öz\"}".getBytes(StandardCharsets.UTF_8);

    String shown = Redaction.message("JÜRGEN ÖZ is unknown", request);

    assertFalse(shown.toLowerCase(Locale.ROOT).contains("jürgen"));
  }
}
