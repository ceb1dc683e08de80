package infopass.gateway.idempotency;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what is kept in memory with AES-256-GCM, so that a dump of the store alone gives nothing
 * away. The key is this process' own: random, or made of a secret that others know and a salt that
 * they are told, so that they can open it. Thread-safe.
 */
final class Vault {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private static final int SALT_BYTES = 16;
  private static final int MAX_KEYS = 256;

  private final byte[] salt;
  private final Function<byte[], SecretKey> keys;
  private final Map<ByteBuffer, SecretKey> known = new ConcurrentHashMap<>();
  private final SecretKey key;
  private final int noncePrefix;
  private final AtomicLong nonces = new AtomicLong();

  Vault(SecureRandom random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    this.salt = new byte[0];
    this.key = new SecretKeySpec(bytes, "AES");
    this.keys = none -> key;
    this.noncePrefix = random.nextInt();
  }

  /**
   * One that others open too.
   *
   * @param secret what all of them know
   */
  Vault(KeyedHash secret, SecureRandom random) {
    // A key for each process: two that counted nonces with one key could use one twice.
    this.salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    this.keys = given -> new SecretKeySpec(secret.of("vault", given), "AES");
    this.key = keys.apply(salt);
    this.noncePrefix = random.nextInt();
  }

  /**
   * @param name what it belongs to: it can only be opened under the same name
   * @return salt, nonce and ciphertext
   */
  byte[] seal(byte[] name, byte[] secret) {
    // Counted, so that no nonce is ever used twice with this key.
    byte[] nonce =
        ByteBuffer.allocate(NONCE_BYTES)
            .putInt(noncePrefix)
            .putLong(nonces.incrementAndGet())
            .array();
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, key, nonce, name, secret, 0);
    return ByteBuffer.allocate(salt.length + NONCE_BYTES + sealed.length)
        .put(salt)
        .put(nonce)
        .put(sealed)
        .array();
  }

  byte[] open(byte[] name, byte[] sealed) {
    byte[] theirs = Arrays.copyOf(sealed, salt.length);
    int from = salt.length + NONCE_BYTES;
    byte[] nonce = Arrays.copyOfRange(sealed, salt.length, from);
    return crypt(Cipher.DECRYPT_MODE, keyOf(theirs), nonce, name, sealed, from);
  }

  private SecretKey keyOf(byte[] theirs) {
    if (Arrays.equals(salt, theirs)) {
      return key;
    }
    if (known.size() >= MAX_KEYS) {
      known.clear();
    }
    return known.computeIfAbsent(ByteBuffer.wrap(theirs), given -> keys.apply(given.array()));
  }

  private static byte[] crypt(
      int mode, SecretKey key, byte[] nonce, byte[] name, byte[] input, int from) {
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
