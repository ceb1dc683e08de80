package infopass.gateway.sandbox;

import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** What can be read from a token without its key. */
record DecodedToken(JsonObject payload, long issuedAtSeconds, byte[] signature) {

  static DecodedToken of(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 4 || !parts[0].isEmpty()) {
      throw new IllegalArgumentException("not .payload.time.signature");
    }
    return new DecodedToken(
        new JsonObject(inflated(decoded(parts[1]))),
        new BigInteger(1, decoded(parts[2])).longValueExact(),
        decoded(parts[3]));
  }

  String clientId() {
    return payload.getString("client_id");
  }

  String gateway() {
    return payload.getString("gateway");
  }

  private static byte[] decoded(String part) {
    return Base64.getUrlDecoder().decode(part);
  }

  private static String inflated(byte[] compressed) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(compressed);
      byte[] text = new byte[4096];
      int length = inflater.inflate(text);
      if (!inflater.finished()) {
        throw new IllegalArgumentException("incomplete");
      }
      return new String(text, 0, length, StandardCharsets.UTF_8);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException(e);
    } finally {
      inflater.end();
    }
  }
}
