package infopass.gateway.audit;

import infopass.gateway.config.Rules;
import infopass.gateway.config.Secret;

/**
 * Whether and how a record is kept of every init. Immutable; checks itself.
 *
 * @param enabled whether it is kept
 * @param key of the HMAC that stands for a person; 32 bytes or more
 * @param file where lines are appended
 */
public record AuditConfig(boolean enabled, Secret key, String file) {
  private static final int KEY_CHARS = 32;

  public AuditConfig {
    Rules.of("audit")
        .check(
            !enabled || key.reveal().length() >= KEY_CHARS,
            "key",
            "must have at least 32 characters where audit.enabled is true")
        .check(!enabled || !file.isBlank(), "file", "must be set where audit.enabled is true")
        .enforce();
  }
}
