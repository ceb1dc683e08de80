package infopass.gateway.callers;

import infopass.gateway.config.Rules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who may ask. Immutable; checks itself.
 *
 * @param mode whose credentials the partner sees
 * @param callers those with keys of their own
 */
public record AuthConfig(Mode mode, List<CallerConfig> callers) {

  /** Whose credentials the partner sees. */
  public enum Mode {
    /** The caller's own. */
    PASSTHROUGH,
    /** The gateway's; callers have keys that only the gateway knows. */
    CALLERS
  }

  public AuthConfig {
    callers = List.copyOf(callers);
    Rules rules = Rules.of("auth");
    rules.check(
        mode != Mode.CALLERS || !callers.isEmpty(),
        "callers",
        "must name at least one caller where auth.mode is callers");
    Set<String> ids = new HashSet<>();
    for (CallerConfig caller : callers) {
      rules.check(ids.add(caller.id()), "callers", "must not name a caller twice", caller.id());
    }
    rules.enforce();
  }

  /** Callers bring their own accounts at the partner. */
  public static AuthConfig passthrough() {
    return new AuthConfig(Mode.PASSTHROUGH, List.of());
  }
}
