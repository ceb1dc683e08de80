package infopass.gateway.countdown;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedLinksTest {
  private static final Instant END = Instant.ofEpochSecond(1_767_225_600);
  private static final byte[] OLD = "an old key of at least thirty-two bytes".getBytes(UTF_8);
  private static final byte[] NEW = "a new key of at least thirty-two bytes!".getBytes(UTF_8);

  private final SignedLinks links = new SignedLinks("", List.of(OLD));

  private static String signatureOf(String link) {
    return link.substring(link.indexOf("&signature=") + 11);
  }

  @Test
  void aLinkNamesTheSessionItsEndAndItsSignature() {
    String link = links.linkTo("digilocker_Ab1", END);
    assertTrue(
        link.matches(
            "/api/v1/in/digilocker/countdown/digilocker_Ab1\\?expires=1767225600"
                + "&signature=[A-Za-z0-9_-]{8}\\.[A-Za-z0-9_-]{43}"),
        link);
    assertTrue(links.verifies("digilocker_Ab1", END.getEpochSecond(), signatureOf(link)));
  }

  @Test
  void thePublicUrlMakesItAbsolute() {
    String link = new SignedLinks("https://kyc.example.in/gw", List.of(OLD)).linkTo("a", END);
    assertTrue(
        link.startsWith("https://kyc.example.in/gw/api/v1/in/digilocker/countdown/a?"), link);
    assertTrue(
        links.verifies("a", END.getEpochSecond(), signatureOf(link)), "the prefix is not signed");
  }

  @Test
  void nothingOfALinkCanBeChanged() {
    // Given
    String signature = signatureOf(links.linkTo("digilocker_Ab1", END));
    long end = END.getEpochSecond();

    // Then
    assertFalse(links.verifies("digilocker_Ab2", end, signature));
    assertFalse(links.verifies("digilocker_Ab1 ", end, signature));
    assertFalse(links.verifies("digilocker_ab1", end, signature));
    assertFalse(links.verifies("digilocker_Ab1", end + 1, signature));
    assertFalse(links.verifies("digilocker_Ab1", end - 1, signature));
    for (int i = 0; i < signature.length(); i++) {
      char other = signature.charAt(i) == 'A' ? 'B' : 'A';
      String changed = signature.substring(0, i) + other + signature.substring(i + 1);
      assertFalse(links.verifies("digilocker_Ab1", end, changed), changed);
    }
    for (String wrong :
        List.of("", ".", "x", signature + "=", signature + "A", " " + signature, "\u00e9\0")) {
      assertFalse(links.verifies("digilocker_Ab1", end, wrong), wrong);
    }
    assertFalse(links.verifies("digilocker_Ab1", end, signature.substring(9)));
    assertFalse(links.verifies("digilocker_Ab1", end, signature.substring(0, 9)));
  }

  @Test
  void theSignedPartsCannotBeShiftedIntoEachOther() {
    // Given: "1\n2" as a client id must not pass for another expiry
    String signature = signatureOf(links.linkTo("1\nx", Instant.ofEpochSecond(1)));

    // Then
    assertFalse(links.verifies("x", 1, signature));
    assertFalse(links.verifies("1\n1\nx", 1, signature));
  }

  @Test
  void theFirstKeySignsAndAllVerify() {
    // Given
    SignedLinks rotated = new SignedLinks("", List.of(NEW, OLD));
    SignedLinks onlyNew = new SignedLinks("", List.of(NEW));
    String before = signatureOf(links.linkTo("a", END));
    String after = signatureOf(rotated.linkTo("a", END));

    // Then
    assertNotEquals(before, after);
    assertTrue(rotated.verifies("a", END.getEpochSecond(), before));
    assertTrue(rotated.verifies("a", END.getEpochSecond(), after));
    assertTrue(onlyNew.verifies("a", END.getEpochSecond(), after));
    assertFalse(onlyNew.verifies("a", END.getEpochSecond(), before));
    assertFalse(links.verifies("a", END.getEpochSecond(), after));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b",
        "a b",
        "a?b=c&d",
        "a#b",
        "a%2Fb",
        "\u00e9",
        "\ud83d\ude00",
        "a\"b",
        "a\nb",
        "..",
        "a+b",
        "ab\u00e9cd/\u0915"
      })
  void oddClientIdsAreOneSegmentOfThePath(String clientId) {
    // When
    String link = links.linkTo(clientId, END);

    // Then
    String path = URI.create(link).getRawPath();
    String segment = path.substring(SignedLinks.PATH.length());
    assertFalse(segment.contains("/"), link);
    assertEquals(clientId, URLDecoder.decode(segment.replace("+", "%2B"), UTF_8));
    assertTrue(link.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"' && c != '\\'), link);
    assertTrue(links.verifies(clientId, END.getEpochSecond(), signatureOf(link)));
  }

  @Test
  void itIsThreadSafe() {
    // When
    Set<String> signatures = new HashSet<>();
    IntStream.range(0, 20_000)
        .parallel()
        .mapToObj(i -> links.linkTo("a" + i % 10, END))
        .distinct()
        .forEachOrdered(signatures::add);

    // Then
    assertEquals(10, signatures.size());
  }

  @Test
  void needsAKeyAndShowsNone() {
    assertThrows(IllegalArgumentException.class, () -> new SignedLinks("", List.of()));
    assertFalse(links.toString().contains("old key"));
  }
}
