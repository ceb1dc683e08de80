package infopass.gateway.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.Deflater;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes tokens in the partner's format, a URL-safe timed serializer value: {@code .}, the
 * compressed JSON, {@code .}, the time of issue, {@code .}, an HMAC-SHA1 over all before it.
 *
 * <p>Not thread-safe: one for each event loop, so that its deflater and MAC can be used again.
 */
final class TokenMint {

  private static final int LONGEST_COMPRESSED_BYTES = 1024;

  private final Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
  private final Deflater deflater = new Deflater();
  private final byte[] compressed = new byte[LONGEST_COMPRESSED_BYTES];
  private final Mac mac;

  TokenMint(byte[] key) {
    try {
      mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA1", e);
    }
  }

  /**
   * @param clientId letters, digits and underscores only, at most 100
   * @param gateway letters only, "production" in real tokens
   * @param issuedAtSeconds Unix time
   */
  String mint(String clientId, String gateway, long issuedAtSeconds) {
    String payload =
        "{\"client_id\":\""
            + clientId
            + "\",\"gateway\":\""
            + gateway
            + "\",\"type\":\"digilocker\"}";
    String signed =
        "."
            + base64.encodeToString(deflated(payload))
            + "."
            + base64.encodeToString(minimalBytes(issuedAtSeconds));
    byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.ISO_8859_1));
    return signed + "." + base64.encodeToString(signature);
  }

  private byte[] deflated(String payload) {
    deflater.reset();
    deflater.setInput(payload.getBytes(StandardCharsets.ISO_8859_1));
    deflater.finish();
    int length = deflater.deflate(compressed);
    return Arrays.copyOf(compressed, length);
  }

  /** Big-endian without leading zero bytes, as the serializer writes it. */
  private static byte[] minimalBytes(long value) {
    int length = (Long.SIZE - Long.numberOfLeadingZeros(value) + Byte.SIZE - 1) / Byte.SIZE;
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[length - 1 - i] = (byte) (value >>> (Byte.SIZE * i));
    }
    return bytes;
  }
}
