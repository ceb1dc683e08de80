package infopass.gateway.digilocker;

import java.nio.charset.StandardCharsets;

/** Fixed-width lower-case hexadecimal. */
final class Hex {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private Hex() {}

  static String of(long... words) {
    byte[] out = new byte[words.length * 16];
    for (int w = 0; w < words.length; w++) {
      for (int i = 0; i < 16; i++) {
        out[w * 16 + i] = DIGITS[(int) (words[w] >>> (60 - 4 * i)) & 15];
      }
    }
    return new String(out, StandardCharsets.ISO_8859_1);
  }
}
