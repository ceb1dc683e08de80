package infopass.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.digilocker.FieldFault;
import infopass.gateway.json.MalformedJsonException;
import infopass.gateway.json.NotAnObjectException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitBodyTest {
  private static final InitConfig STRICT = rules(false, InitConfig.ALL_FIELDS);
  private static final InitConfig MASKED = rules(true, InitConfig.ALL_FIELDS);

  private static InitConfig rules(boolean allowMasked, List<String> required) {
    return new InitConfig(required, allowMasked, List.of(), List.of("https", "http"));
  }

  private static JsonObject good() {
    return new JsonObject()
        .put("name", "Test Kumar")
        .put("email", "ku@gmail.com")
        .put("mobile", "+91 96500-00986")
        .put("redirectUrl", "https://infopass.in")
        .put("state", "Uttar Pradesh");
  }

  private static List<FieldFault> faults(JsonObject body, InitConfig rules) {
    try {
      return InitBody.read(body.encode().getBytes(StandardCharsets.UTF_8)).faults(rules);
    } catch (MalformedJsonException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> pointers(JsonObject body, InitConfig rules) {
    return faults(body, rules).stream().map(FieldFault::pointer).toList();
  }

  private static boolean takes(String field, String value, InitConfig rules) {
    return faults(good().put(field, value), rules).isEmpty();
  }

  @Test
  void findsNothingWrongWithAGoodBody() {
    assertEquals(List.of(), faults(good(), STRICT));
    assertEquals(List.of(), faults(good().put("else", new JsonObject().put("a", 1)), STRICT));
  }

  @Test
  void reportsAllFaultsAtOnceInTheOrderOfTheDocumentation() {
    // Given
    JsonObject body =
        new JsonObject()
            .put("state", "")
            .put("redirectUrl", "nowhere")
            .put("mobile", 1)
            .put("email", "no at")
            .putNull("name");

    // Then
    assertEquals(
        List.of("#/name", "#/email", "#/mobile", "#/redirectUrl", "#/state"),
        pointers(body, STRICT));
    assertEquals(
        List.of("#/name", "#/email", "#/mobile", "#/redirectUrl", "#/state"),
        pointers(new JsonObject(), STRICT));
  }

  @Test
  void reportsEveryFaultOfOneField() {
    List<FieldFault> faults = faults(good().put("email", "a@*\u0007@" + "x".repeat(260)), STRICT);
    assertEquals(4, faults.size(), faults.toString());
    assertTrue(faults.stream().allMatch(fault -> fault.pointer().equals("#/email")));
  }

  @Test
  void neverShowsAValue() {
    // Given
    JsonObject body = new JsonObject();
    InitConfig.ALL_FIELDS.forEach(field -> body.put(field, "s3cr3t\u0007" + "v".repeat(3_000)));

    // Then
    assertFalse(faults(body, STRICT).toString().contains("s3cr3t"));
    assertFalse(faults(body, STRICT).toString().contains("vvv"));
  }

  @ParameterizedTest
  @CsvSource({"name,200", "state,100"})
  void limitsCountCodePoints(String field, int limit) {
    for (String letter : List.of("n", "\u00e9", "\u0915", "\ud83d\ude00")) {
      assertTrue(takes(field, letter.repeat(limit), STRICT), letter);
      assertFalse(takes(field, letter.repeat(limit + 1), STRICT), letter);
    }
    assertTrue(takes(field, "x", STRICT));
  }

  @Test
  void limitsEmailAndRedirectUrlExactly() {
    assertTrue(takes("email", "a@" + "x.".repeat(125) + "xx", STRICT));
    assertFalse(takes("email", "a@" + "x.".repeat(125) + "xxx", STRICT));
    assertTrue(takes("redirectUrl", "https://a.in/" + "x".repeat(2_035), STRICT));
    assertFalse(takes("redirectUrl", "https://a.in/" + "x".repeat(2_036), STRICT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@b", "a.b+c@d.e", "\u0915@\u092d\u093e\u0930\u0924", "\"a b\"@c"})
  void takesEmails(String email) {
    assertTrue(takes("email", email, STRICT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "@", "a@", "@b", "a@b@c", "a@@b", "a@b\n", "a*@b", "a@b*"})
  void refusesEmails(String email) {
    assertFalse(takes("email", email, STRICT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12345678",
        "123456789012345",
        "+919650000986",
        "+91 96500 00986",
        "965-000-0986",
        "0-0-0-0 0000"
      })
  void takesMobiles(String mobile) {
    assertTrue(takes("mobile", mobile, STRICT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1234567",
        "1234567890123456",
        "+-  ",
        "9650000986x",
        "(965)0000986",
        "965.000.0986",
        "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
        "\uff19\uff16\uff15\uff10\uff10\uff10\uff10\uff19",
        "12345678\u00a0",
        "12345678\t"
      })
  void refusesMobiles(String mobile) {
    assertFalse(takes("mobile", mobile, STRICT));
  }

  @Test
  void takesMasksOnlyWhereTheyAreAllowed() {
    assertTrue(takes("mobile", "965*****986", MASKED));
    assertTrue(takes("email", "ku*******@gmail.com", MASKED));
    assertFalse(takes("mobile", "965*****986", STRICT));
    assertFalse(takes("email", "ku*******@gmail.com", STRICT));
    assertTrue(takes("name", "Test *", STRICT), "a star elsewhere is no mask");
    assertEquals(
        List.of(new FieldFault("#/mobile", "must not be masked with *")),
        faults(good().put("mobile", "965*****986"), STRICT));
  }

  @Test
  void refusesControlCharactersInEveryField() {
    for (String field : InitConfig.ALL_FIELDS) {
      for (char control : new char[] {0, 7, '\t', '\n', '\r', 0x1f, 0x7f, 0x80, 0x9f}) {
        assertFalse(
            takes(field, good().getString(field) + control, STRICT), field + " " + (int) control);
      }
    }
  }

  @Test
  void aShorterListOfRequiredFieldsLeavesTheRulesOfThoseThatAreThere() {
    // Given
    InitConfig rules = rules(false, List.of("name"));

    // Then
    assertEquals(List.of(), pointers(new JsonObject().put("name", "n"), rules));
    assertEquals(
        List.of("#/email"), pointers(new JsonObject().put("name", "n").put("email", "x"), rules));
    assertEquals(List.of("#/name"), pointers(new JsonObject(), rules));
    assertEquals(List.of(), pointers(new JsonObject(), rules(false, List.of())));
  }

  @Test
  void aLongerListRequiresOtherMembersToBeNonEmptyStrings() {
    // Given
    InitConfig rules = rules(false, List.of("name", "kycId"));
    JsonObject name = new JsonObject().put("name", "n");

    // Then
    assertEquals(List.of(), pointers(name.copy().put("kycId", "k"), rules));
    assertEquals(List.of("#/kycId"), pointers(name, rules));
    assertEquals(List.of("#/kycId"), pointers(name.copy().put("kycId", ""), rules));
    assertEquals(List.of("#/kycId"), pointers(name.copy().put("kycId", 7), rules));
    assertEquals(List.of("#/kycId"), pointers(name.copy().put("kycId", "a\nb"), rules));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a/b | #/a~1b",
        "a~b | #/a~0b",
        "~1 | #/~01",
        "a b | #/a%20b",
        "a+b | #/a%2Bb",
        "50% | #/50%25",
        "\u00e9 | #/%C3%A9",
        "a\"b | #/a%22b"
      })
  void pointersEscapeOddNames(String field, String pointer) {
    assertEquals(List.of(pointer), pointers(new JsonObject(), rules(false, List.of(field))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "null", "true", "1", "\"x\"", "[{\"name\":\"x\"}]"})
  void tellsOtherJsonFromWhatIsNoJson(String document) {
    assertThrows(
        NotAnObjectException.class, () -> InitBody.read(document.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void showsNoValueInItsOwnText() throws MalformedJsonException {
    InitBody body = InitBody.read("{\"name\":\"s3cr3t\",\"x\":1}".getBytes(StandardCharsets.UTF_8));
    assertFalse(body.toString().contains("s3cr3t"));
    assertEquals("s3cr3t", body.text("name"));
  }
}
