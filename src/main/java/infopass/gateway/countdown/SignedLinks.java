package infopass.gateway.countdown;

import infopass.gateway.digilocker.CountdownLinks;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Links that carry their own authorisation: an HMAC-SHA256 over client id, expiry and key id. Any
 * replica with the same keys can check them, without stored state. Thread-safe.
 */
public final class SignedLinks implements CountdownLinks {
  /** Where countdowns are served, without the client id. */
  static final String PATH = "/api/v1/in/digilocker/countdown/";

  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_ID_BYTES = 6;
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  /** One key, ready to sign, under a name that can be shown. */
  private record Key(String id, Mac prototype) {}

  private final String prefix;
  private volatile List<Key> keys;

  /**
   * @param publicUrl where callers reach the gateway, without a trailing slash; empty for links
   *     relative to the gateway's root
   * @param secrets at least one; the first signs, all verify
   */
  public SignedLinks(String publicUrl, List<byte[]> secrets) {
    this.prefix = publicUrl + PATH;
    rekey(secrets);
  }

  /**
   * Exchanges the keys, for all links from now on.
   *
   * @param secrets at least one; the first signs, all verify
   */
  public void rekey(List<byte[]> secrets) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("at least one signing key is needed");
    }
    keys = secrets.stream().map(SignedLinks::key).toList();
  }

  @Override
  public String linkTo(String clientId, Instant expiresAt) {
    long expires = expiresAt.getEpochSecond();
    return prefix
        + encode(clientId)
        + "?expires="
        + expires
        + "&signature="
        + signature(keys.get(0), clientId, expires);
  }

  /** Whether the signature was made, with any of the keys, for this client id and expiry. */
  boolean verifies(String clientId, long expires, String signature) {
    boolean verified = false;
    byte[] given = signature.getBytes(StandardCharsets.UTF_8);
    for (Key key : keys) {
      byte[] right = signature(key, clientId, expires).getBytes(StandardCharsets.UTF_8);
      verified |= MessageDigest.isEqual(right, given);
    }
    return verified;
  }

  private static Key key(byte[] secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      byte[] name = mac.doFinal("key id".getBytes(StandardCharsets.US_ASCII));
      byte[] shortName = Arrays.copyOf(name, KEY_ID_BYTES);
      return new Key(BASE64URL.encodeToString(shortName), mac);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  private static String signature(Key key, String clientId, long expires) {
    Mac mac;
    try {
      mac = (Mac) key.prototype().clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's " + ALGORITHM + " can be copied", e);
    }
    String signed = key.id() + '\n' + expires + '\n' + clientId;
    byte[] code = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
    return key.id() + '.' + BASE64URL.encodeToString(code);
  }

  /** Percent-encodes as one segment of a path (RFC 3986). */
  private static String encode(String text) {
    StringBuilder out = null;
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      boolean plain = bytes[i] > 0 && UNRESERVED.indexOf(bytes[i]) >= 0;
      if (!plain && out == null) {
        out = new StringBuilder(text.substring(0, i));
      }
      if (out != null) {
        if (plain) {
          out.append((char) bytes[i]);
        } else {
          out.append(String.format("%%%02X", bytes[i] & 0xff));
        }
      }
    }
    return out == null ? text : out.toString();
  }

  /** Shows nothing: it holds the keys. */
  @Override
  public String toString() {
    return "SignedLinks[" + keys.size() + " keys]";
  }
}
