package infopass.gateway.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class PurposeTest {
  @ParameterizedTest
  @ValueSource(strings = {"kyc", "loan 2026/04", "a.b:c_d-e", "case 123456", "12-34-56", "7"})
  void aShortCodeIsKept(String code) {
    assertEquals(code, Purpose.of(code));
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(strings = {"a@b.in", "<b>", "kyc\n", "प", "(x)"})
  void whatIsNoCodeCountsAsNotGiven(String given) {
    assertNull(Purpose.of(given));
    assertNull(Purpose.of("x".repeat(65)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9650000986",
        "call 9650000986 back",
        "91 96500 00986",
        "96500-00986",
        "kyc:1234567",
        "1 2 3 4 5 6 7",
        "1234 - 567",
        "1234--5678-9012",
      })
  void aNumberAsLongAsAMobilesIsNotKept(String given) {
    assertNull(Purpose.of(given));
  }
}
