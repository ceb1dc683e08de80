package infopass.gateway.idempotency;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what is kept in memory with AES-256-GCM and a key of this process, so that a dump of the
 * store alone gives nothing away. Thread-safe.
 */
final class Vault {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey key;
  private final int noncePrefix;
  private final AtomicLong nonces = new AtomicLong();

  Vault(SecureRandom random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, "AES");
    this.noncePrefix = random.nextInt();
  }

  /**
   * @param name what it belongs to: it can only be opened under the same name
   * @return nonce and ciphertext
   */
  byte[] seal(byte[] name, byte[] secret) {
    // Counted, so that no nonce is ever used twice with this key.
    byte[] nonce =
        ByteBuffer.allocate(NONCE_BYTES)
            .putInt(noncePrefix)
            .putLong(nonces.incrementAndGet())
            .array();
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, nonce, name, secret, 0);
    return ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
  }

  byte[] open(byte[] name, byte[] sealed) {
    byte[] nonce = new byte[NONCE_BYTES];
    System.arraycopy(sealed, 0, nonce, 0, NONCE_BYTES);
    return crypt(Cipher.DECRYPT_MODE, nonce, name, sealed, NONCE_BYTES);
  }

  private byte[] crypt(int mode, byte[] nonce, byte[] name, byte[] input, int from) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(name);
      return cipher.doFinal(input, from, input.length - from);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt or decrypt", e);
    }
  }
}
