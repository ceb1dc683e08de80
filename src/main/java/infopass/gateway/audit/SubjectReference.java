package infopass.gateway.audit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Stands for a person without saying who it is: a keyed hash of mobile number and email, however
 * they are written. Whoever has the key can find a known person's lines; nobody else can. Immutable
 * and thread-safe.
 */
public final class SubjectReference {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEPT_BYTES = 18;
  private static final int MOBILE_DIGITS = 10;

  private final SecretKeySpec key;

  public SubjectReference(String key) {
    this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  /**
   * The reference: 24 characters of base64url.
   *
   * @param mobile with or without spaces, hyphens and country code; null counts as empty
   * @param email in any case; null counts as empty
   */
  public String of(String mobile, String email) {
    String person = digits(mobile) + '\n' + (email == null ? "" : email.toLowerCase(Locale.ROOT));
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] hash = mac.doFinal(person.getBytes(StandardCharsets.UTF_8));
      byte[] kept = Arrays.copyOf(hash, KEPT_BYTES);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(kept);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // Every Java platform has it.
    }
  }

  /** The last ten digits: with the country's code or without it is the same number. */
  private static String digits(String mobile) {
    String digits = mobile == null ? "" : mobile.replaceAll("[^0-9]", "");
    return digits.substring(Math.max(0, digits.length() - MOBILE_DIGITS));
  }

  @Override
  public String toString() {
    return "SubjectReference";
  }
}
