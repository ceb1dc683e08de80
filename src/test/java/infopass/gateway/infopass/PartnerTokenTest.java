package infopass.gateway.infopass;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class PartnerTokenTest {
  private final Inflation inflation = new Inflation();

  /** From the partner's public documentation. */
  private static final String SAMPLE =
      ".eJyrVkrOyUzNK4nPTFGyUkrJTM_MyU_OTi2K90kOy87LyfCpSvPPdU7N8QwrrSpR0lFKTyxJLU-sBKotKMpPKU0u"
          + "yczPAwqXVBakouhXqgUA1GUghg.Zn0XGg.3PFECg5-_gpi5uSKtMFIYJzZFIo";

  private static final String CLIENT = "digilocker_LcVknlhLzfOmCelIVuzt";
  private static final Instant ISSUED = Instant.ofEpochSecond(1719473946);
  private static final PartnerToken DECODED = new PartnerToken(CLIENT, "production", ISSUED);
  private static final String JSON =
      "{\"client_id\":\"" + CLIENT + "\",\"gateway\":\"production\",\"type\":\"digilocker\"}";
  private static final byte[] SIGNATURE = new byte[20];
  private static final Base64.Encoder UNPADDED = Base64.getUrlEncoder().withoutPadding();

  @Test
  void readsTheDocumentedSample() {
    // When
    Optional<PartnerToken> token = decode(SAMPLE);

    // Then
    assertEquals(Optional.of(DECODED), token);
    assertEquals(Instant.parse("2024-06-27T07:39:06Z"), token.get().issuedAt());
  }

  @Test
  void readsAPayloadThatIsNotCompressed() {
    assertEquals(Optional.of(DECODED), decode(plain(JSON)));
  }

  @Test
  void readsPaddedBase64() {
    // Given
    Base64.Encoder padded = Base64.getUrlEncoder();
    byte[] payload = deflate(JSON.getBytes(UTF_8));
    String token =
        "."
            + padded.encodeToString(payload)
            + "."
            + padded.encodeToString(bytes(1719473946))
            + "."
            + padded.encodeToString(SIGNATURE);

    // When, Then
    assertTrue(token.endsWith("="));
    assertEquals(Optional.of(DECODED), decode(token));
  }

  @Test
  void showsNothingOfItsContents() {
    // When
    String text = decode(SAMPLE).orElseThrow().toString();

    // Then
    assertEquals("PartnerToken[issuedAt=2024-06-27T07:39:06Z]", text);
  }

  @Test
  void leavesOutWhatThePayloadDoesNotSayAsAString() {
    for (String json :
        new String[] {
          "{}",
          "{\"type\":\"digilocker\"}",
          "{\"client_id\":7,\"gateway\":null}",
          "{\"client_id\":{\"gateway\":\"nested\"},\"gateway\":[\"production\"]}"
        }) {
      // When
      PartnerToken token = decode(plain(json)).orElseThrow();

      // Then
      assertNull(token.clientId(), json);
      assertNull(token.gateway(), json);
      assertEquals(ISSUED, token.issuedAt());
    }
  }

  @Test
  void findsItsMembersAmongOthers() {
    // Given
    String json =
        " {\"a\":[{\"gateway\":\"x\"},[[]]], \"gateway\" : \"sandb\\u006fx\", \"z\":1e9,"
            + "\"client_id\":\"\u0939\"} ";

    // When, Then
    assertEquals(Optional.of(new PartnerToken("\u0939", "sandbox", ISSUED)), decode(plain(json)));
  }

  @Test
  void isEmptyForAPayloadThatIsNotOneJsonObject() {
    for (String json :
        new String[] {
          "",
          " ",
          "null",
          "\"client_id\"",
          "[]",
          "{",
          "{\"client_id\":\"a\"",
          "{\"client_id\":\"a\"}}",
          "{\"client_id\":\"a\"} x",
          "{\"client_id\":\"a\"}{}",
          "{\"client_id\":\"a\",\"client_id\":\"b\"}",
          "{client_id:\"a\"}",
          "{\"client_id\":NaN}",
          "{\"a\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}"
        }) {
      assertEquals(Optional.empty(), decode(plain(json)), json);
      assertEquals(Optional.empty(), decode(compressed(json.getBytes(UTF_8))), json);
    }
    assertEquals(Optional.empty(), decode(compressed(new byte[] {'{', '"', -1, -2})));
  }

  @Test
  void isEmptyForWhatHasNotTheThreeParts() {
    for (String token :
        new String[] {
          null,
          "",
          ".",
          "..",
          "...",
          "....",
          "e30",
          "e30.Zn0XGg",
          ".e30.Zn0XGg",
          SAMPLE + ".",
          SAMPLE + "." + UNPADDED.encodeToString(SIGNATURE),
          "." + SAMPLE,
          SAMPLE.substring(1),
          SAMPLE + " ",
          SAMPLE.replace('-', '+'),
          SAMPLE.replace('_', '/'),
          SAMPLE.replace('.', '\u0939'),
          "\ud800".repeat(100)
        }) {
      assertEquals(Optional.empty(), decode(token), token);
    }
  }

  @Test
  void isEmptyUnlessTheSignatureHasTwentyBytes() {
    // Given
    String unsigned = plain(JSON).substring(0, plain(JSON).lastIndexOf('.') + 1);

    // When, Then
    for (int length = 0; length < 70; length++) {
      String token = unsigned + UNPADDED.encodeToString(new byte[length]);
      assertEquals(length == 20, decode(token).isPresent(), token);
    }
  }

  @Test
  void readsTimestampsOfOneToEightBytes() {
    // Given
    byte[] zeros = new byte[9];
    zeros[8] = 7;

    // When, Then
    for (int length = 1; length <= 8; length++) {
      byte[] seven = Arrays.copyOfRange(zeros, 9 - length, 9);
      assertEquals(Instant.ofEpochSecond(7), decode(token("{}", seven)).orElseThrow().issuedAt());
    }
    assertEquals(Optional.empty(), decode(token("{}", zeros)));
    assertEquals(Optional.empty(), decode(token("{}", new byte[0])));
  }

  @Test
  void isEmptyForAbsurdTimestamps() {
    // Given
    Instant lastOf9999 = Instant.parse("9999-12-31T23:59:59Z");

    // When, Then
    assertEquals(
        lastOf9999,
        decode(token("{}", bytes(lastOf9999.getEpochSecond()))).orElseThrow().issuedAt());
    for (long seconds :
        new long[] {lastOf9999.getEpochSecond() + 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertEquals(Optional.empty(), decode(token("{}", bytes(seconds))));
    }
  }

  @Test
  void inflatesUpToFourKibibytesAndNoMore() {
    // Given
    String prefix = "{\"client_id\":\"a\"}";

    // When, Then
    assertTrue(decode(compressed(spaces(prefix, 4_096))).isPresent());
    assertFalse(decode(compressed(spaces(prefix, 4_097))).isPresent());
  }

  @Test
  void isEmptyForAZipBomb() {
    // Given: 4 MiB, in a token of the usual size class
    String bomb = compressed(spaces("{\"client_id\":\"a\"}", 4 * 1024 * 1024));

    // When, Then
    assertTrue(bomb.length() < 8 * 1024);
    assertEquals(Optional.empty(), decode(bomb));
  }

  @Test
  void isEmptyForACompressedPayloadWithSomethingBehindItOrADictionary() {
    // Given
    byte[] payload = deflate(JSON.getBytes(UTF_8));
    byte[] withDictionary = payload.clone();
    withDictionary[0] = 0x78;
    withDictionary[1] = (byte) 0xBB;

    // When, Then
    assertTrue(decode(compressedToken(payload)).isPresent());
    assertFalse(decode(compressedToken(Arrays.copyOf(payload, payload.length + 1))).isPresent());
    assertFalse(decode(compressedToken(withDictionary)).isPresent());
  }

  @Test
  void isEmptyForATokenLongerThanEightKibibytes() {
    // Given
    int room = (8 * 1024 - plain("").length()) / 4 * 3;

    // When, Then
    assertTrue(decode(plain(new String(spaces("{}", room), UTF_8))).isPresent());
    assertFalse(decode(plain(new String(spaces("{}", room + 3), UTF_8))).isPresent());
    assertFalse(decode("a".repeat(1_000_000)).isPresent());
  }

  @Test
  void neverThrowsForATruncatedToken() {
    for (String token : new String[] {SAMPLE, plain(JSON)}) {
      for (int length = 0; length < token.length(); length++) {
        assertEquals(Optional.empty(), decode(token.substring(0, length)));
      }
    }
  }

  @Test
  void neverReadsAnotherPayloadFromAFlippedBit() {
    // Given
    int payloadEnd = SAMPLE.indexOf('.', 1);

    for (int at = 0; at < SAMPLE.length(); at++) {
      for (int bit = 0; bit < Character.SIZE; bit++) {
        char[] flipped = SAMPLE.toCharArray();
        flipped[at] ^= (char) (1 << bit);

        // When
        Optional<PartnerToken> token = decode(new String(flipped));

        // Then: the checksum catches the payload; timestamp and signature have none
        token.ifPresent(read -> assertEquals(CLIENT, read.clientId()));
        if (at < payloadEnd) {
          token.ifPresent(read -> assertEquals(DECODED, read));
        }
      }
    }
  }

  @Test
  void neverThrowsWhateverIsDoneToAToken() {
    // Given
    Random random = new Random(20240627);
    String[] origins = {SAMPLE, plain(JSON), compressed(JSON.getBytes(UTF_8)), plain("{}")};

    // When, Then
    for (int i = 0; i < 50_000; i++) {
      String mutated = mutated(origins[i % origins.length], random);
      assertDoesNotThrow(() -> decode(mutated), mutated);
    }
  }

  @Test
  void neverThrowsWhateverIsCompressedOrWrittenAsThePayload() {
    // Given: broken below the base64, where mutations of the text rarely reach
    Random random = new Random(20240628);

    // When, Then
    for (int i = 0; i < 20_000; i++) {
      byte[] json = mutated(JSON.getBytes(UTF_8), random);
      byte[] deflated = mutated(deflate(JSON.getBytes(UTF_8)), random);
      for (String token :
          new String[] {compressed(json), compressedToken(deflated), token(json, bytes(i))}) {
        assertDoesNotThrow(() -> decode(token), token);
      }
    }
  }

  private static String mutated(String token, Random random) {
    StringBuilder text = new StringBuilder(token);
    for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
      int at = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), at + random.nextInt(6));
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, (char) random.nextInt(Character.MAX_VALUE + 1));
        case 1 -> text.delete(at, to);
        case 2 -> text.replace(at, to, text.substring(random.nextInt(at + 1), to));
        default -> text.insert(at, ".-_=A".charAt(random.nextInt(5)));
      }
    }
    return text.toString();
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] copy = Arrays.copyOf(bytes, random.nextInt(3) == 0 ? random.nextInt(200) : bytes.length);
    for (int edits = random.nextInt(4); edits > 0 && copy.length > 0; edits--) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt();
    }
    return copy;
  }

  private static String plain(String json) {
    return token(json, bytes(ISSUED.getEpochSecond()));
  }

  private static String token(String json, byte[] timestamp) {
    return token(json.getBytes(UTF_8), timestamp);
  }

  private static String token(byte[] payload, byte[] timestamp) {
    return UNPADDED.encodeToString(payload)
        + "."
        + UNPADDED.encodeToString(timestamp)
        + "."
        + UNPADDED.encodeToString(SIGNATURE);
  }

  private static String compressed(byte[] json) {
    return compressedToken(deflate(json));
  }

  private static String compressedToken(byte[] deflated) {
    return "." + token(deflated, bytes(ISSUED.getEpochSecond()));
  }

  private static byte[] bytes(long seconds) {
    return ByteBuffer.allocate(Long.BYTES).putLong(seconds).array();
  }

  private static byte[] spaces(String json, int length) {
    byte[] padded = new byte[length];
    Arrays.fill(padded, (byte) ' ');
    System.arraycopy(json.getBytes(UTF_8), 0, padded, 0, json.length());
    return padded;
  }

  private static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream deflated = new ByteArrayOutputStream();
      byte[] buffer = new byte[1_024];
      while (!deflater.finished()) {
        deflated.write(buffer, 0, deflater.deflate(buffer));
      }
      return deflated.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /** With the same inflater all the time, whatever it was given before. */
  private Optional<PartnerToken> decode(String token) {
    return PartnerToken.decode(token, inflation);
  }
}
