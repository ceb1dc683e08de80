package infopass.gateway.infopass;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import infopass.gateway.json.NaiveJson;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;

/**
 * The partner's token: whatever it is, nothing is thrown; a token made of a JSON object is read as
 * what it says, compressed or not.
 */
public final class PartnerTokenFuzz {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final long ISSUED = 1_767_225_600;

  /** The same for all, as in the gateway: what one token leaves behind must not reach the next. */
  private static final Inflation INFLATION = new Inflation();

  private PartnerTokenFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    PartnerToken.decode(new String(input, ISO_8859_1), INFLATION);
    // As what the compression gives, so that its faults are met too.
    PartnerToken.decode("." + token(input), INFLATION);
    Optional<PartnerToken> plain = PartnerToken.decode(token(input), INFLATION);
    Optional<PartnerToken> compressed =
        PartnerToken.decode("." + token(compressed(input)), INFLATION);
    require(plain.equals(compressed), "compressed it is another token");
    if (NaiveJson.read(input) instanceof Map<?, ?> members) {
      String clientId = members.get("client_id") instanceof String text ? text : null;
      String gateway = members.get("gateway") instanceof String text ? text : null;
      PartnerToken expected = new PartnerToken(clientId, gateway, Instant.ofEpochSecond(ISSUED));
      require(plain.equals(Optional.of(expected)), "another token");
    }
  }

  private static String token(byte[] payload) {
    byte[] seconds = Arrays.copyOfRange(ByteBuffer.allocate(8).putLong(ISSUED).array(), 4, 8);
    return BASE64.encodeToString(payload)
        + '.'
        + BASE64.encodeToString(seconds)
        + '.'
        + BASE64.encodeToString(new byte[20]);
  }

  private static byte[] compressed(byte[] content) {
    Deflater deflater = new Deflater();
    try {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[4096];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
