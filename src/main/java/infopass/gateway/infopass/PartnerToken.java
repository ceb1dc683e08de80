package infopass.gateway.infopass;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.DataFormatException;

/**
 * What can be read from a token of the partner without its key: structure, not proof.
 *
 * <p>The form is {@code payload.timestamp.signature}, each base64url. The payload is a JSON object,
 * compressed by zlib if a further dot stands before it; the timestamp is big-endian Unix seconds;
 * the signature is 20 bytes, which are not verified.
 *
 * <p>Immutable. {@code toString} does not show what the token says about anybody.
 *
 * @param clientId the {@code client_id} it was issued to, or null if it names none as a string
 * @param gateway the partner's environment, such as {@code production}, or null likewise
 * @param issuedAt when the partner's clock says it was issued, to the second
 */
record PartnerToken(String clientId, String gateway, Instant issuedAt) {
  private static final int LONGEST_TOKEN = 8 * 1024;
  private static final int LONGEST_TIMESTAMP = Long.BYTES;
  private static final int SIGNATURE_BYTES = 20;
  private static final long END_OF_YEAR_9999 = 253_402_300_799L;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /** Reads a token; empty, and never an exception, for whatever does not have the form above. */
  static Optional<PartnerToken> decode(String token, Inflation inflation) {
    if (token == null || token.length() > LONGEST_TOKEN) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(read(token, inflation));
    } catch (IOException | DataFormatException | RuntimeException notOurForm) {
      // Runtime exceptions too: a token must not be able to break the call that carries it.
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "PartnerToken[issuedAt=" + issuedAt + "]";
  }

  private static PartnerToken read(String token, Inflation inflation)
      throws IOException, DataFormatException {
    int payloadStart = token.startsWith(".") ? 1 : 0;
    int payloadEnd = token.indexOf('.', payloadStart);
    int timestampEnd = token.indexOf('.', payloadEnd + 1);
    if (payloadEnd < 0 || timestampEnd < 0) {
      return null;
    }
    byte[] signature = base64(token, timestampEnd + 1, token.length());
    byte[] timestamp = base64(token, payloadEnd + 1, timestampEnd);
    if (signature.length != SIGNATURE_BYTES
        || timestamp.length == 0
        || timestamp.length > LONGEST_TIMESTAMP) {
      return null;
    }
    long seconds = bigEndian(timestamp);
    if (seconds < 0 || seconds > END_OF_YEAR_9999) {
      return null;
    }
    byte[] payload = base64(token, payloadStart, payloadEnd);
    byte[] json = payloadStart == 1 ? inflation.inflate(payload) : payload;
    return json == null ? null : parse(json, Instant.ofEpochSecond(seconds));
  }

  private static byte[] base64(String token, int start, int end) {
    return Base64.getUrlDecoder().decode(token.substring(start, end));
  }

  private static long bigEndian(byte[] bytes) {
    long value = 0;
    for (byte next : bytes) {
      value = value << Byte.SIZE | next & 0xFF;
    }
    return value;
  }

  private static PartnerToken parse(byte[] json, Instant issuedAt) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      String clientId = null;
      String gateway = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value == JsonToken.VALUE_STRING && name.equals("client_id")) {
          clientId = parser.getText();
        } else if (value == JsonToken.VALUE_STRING && name.equals("gateway")) {
          gateway = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
      // Past the closing brace there must be nothing.
      return parser.nextToken() == null ? new PartnerToken(clientId, gateway, issuedAt) : null;
    }
  }
}
