package infopass.gateway.sandbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenMintTest {

  private static final byte[] KEY = "a key of twenty byte".getBytes(StandardCharsets.UTF_8);
  private static final String CLIENT_ID = "digilocker_LcVknlhLzfOmCelIVuzt";
  private static final long ISSUED_AT = 1_719_473_946L;
  private static final String DOCUMENTED =
      ".eJyrVkrOyUzNK4nPTFGyUkrJTM_MyU_OTi2K90kOy87LyfCpSvPPdU7N8QwrrSpR0lFKTyxJLU-sBKotKMpPKU0uyczPAwqXVBakouhXqgUA1GUghg.Zn0XGg.3PFECg5-_gpi5uSKtMFIYJzZFIo";

  private final TokenMint mint = new TokenMint(KEY);

  @Test
  void theDocumentedTokenHasTheAnatomyThatWeReadWith() {
    DecodedToken token = DecodedToken.of(DOCUMENTED);

    assertEquals(CLIENT_ID, token.clientId());
    assertEquals("production", token.gateway());
    assertEquals(ISSUED_AT, token.issuedAtSeconds());
    assertEquals(20, token.signature().length);
  }

  @Test
  void aMintedTokenReadsLikeTheDocumentedOne() {
    DecodedToken token = DecodedToken.of(mint.mint(CLIENT_ID, "production", ISSUED_AT));

    JsonObject payload =
        new JsonObject()
            .put("client_id", CLIENT_ID)
            .put("gateway", "production")
            .put("type", "digilocker");
    assertEquals(payload.encode(), token.payload().encode());
    assertEquals(ISSUED_AT, token.issuedAtSeconds());
  }

  @Test
  void aMintedTokenIsTheDocumentedOneButForTheSignature() {
    String token = mint.mint(CLIENT_ID, "production", ISSUED_AT);

    int signature = DOCUMENTED.lastIndexOf('.');
    assertEquals(DOCUMENTED.substring(0, signature), token.substring(0, signature));
    assertEquals(DOCUMENTED.length(), token.length());
  }

  @Test
  void theSignatureCoversEverythingBeforeIt() throws Exception {
    String token = mint.mint(CLIENT_ID, "production", ISSUED_AT);

    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(KEY, "HmacSHA1"));
    String signed = token.substring(0, token.lastIndexOf('.'));
    byte[] expected = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
    assertArrayEquals(expected, DecodedToken.of(token).signature());
  }

  @Test
  void aMintMakesAsManyTokensAsAreWanted() {
    String first = mint.mint(CLIENT_ID, "production", ISSUED_AT);
    String second = mint.mint("digilocker_other", "sandbox", ISSUED_AT);

    assertNotEquals(first, second);
    assertEquals("digilocker_other", DecodedToken.of(second).clientId());
    assertEquals("sandbox", DecodedToken.of(second).gateway());
    assertEquals(first, mint.mint(CLIENT_ID, "production", ISSUED_AT));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 255, 256, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, 0x1_0000_0000L})
  void anyTimeOfIssueSurvivesInAsFewBytesAsItNeeds(long issuedAtSeconds) {
    String token = mint.mint(CLIENT_ID, "production", issuedAtSeconds);

    assertEquals(issuedAtSeconds, DecodedToken.of(token).issuedAtSeconds());
    int bytes = (Long.SIZE - Long.numberOfLeadingZeros(issuedAtSeconds) + 7) / 8;
    String time = token.split("\\.")[2];
    assertTrue(time.length() == (bytes * 8 + 5) / 6, time);
  }
}
