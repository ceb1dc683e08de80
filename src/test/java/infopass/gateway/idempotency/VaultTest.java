package infopass.gateway.idempotency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VaultTest {
  private static final byte[] SECRET = "the-secret-token".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NAME = {1, 2, 3};

  private final Vault vault = new Vault(new SecureRandom());

  @Test
  void whatIsSealedIsNotThereAndOpensAgain() {
    byte[] sealed = vault.seal(NAME, SECRET);
    assertFalse(new String(sealed, StandardCharsets.ISO_8859_1).contains("token"));
    assertArrayEquals(SECRET, vault.open(NAME, sealed));
  }

  @Test
  void nothingIsSealedTheSameWayTwice() {
    assertFalse(Arrays.equals(vault.seal(NAME, SECRET), vault.seal(NAME, SECRET)));
  }

  @Test
  void itOpensUnderItsOwnNameAndUntouchedOnly() {
    byte[] sealed = vault.seal(NAME, SECRET);
    assertThrows(IllegalStateException.class, () -> vault.open(new byte[] {9}, sealed));
    sealed[sealed.length - 1] ^= 1;
    assertThrows(IllegalStateException.class, () -> vault.open(NAME, sealed));
  }
}
