package infopass.gateway.intake;

import infopass.gateway.callers.RedirectHosts;
import infopass.gateway.config.Rules;
import java.util.HashSet;
import java.util.List;

/**
 * Which init requests are let through. Immutable; checks itself.
 *
 * @param required members of the body that must be non-empty strings
 * @param allowMasked whether a {@code *} in email or mobile is taken as it is
 * @param redirectHosts hosts that redirectUrl may name, exact or {@code *.suffix}; empty allows all
 */
public record InitConfig(List<String> required, boolean allowMasked, List<String> redirectHosts) {
  /** What the partner documents. */
  public static final List<String> ALL_FIELDS =
      List.of("name", "email", "mobile", "redirectUrl", "state");

  public InitConfig {
    required = List.copyOf(required);
    redirectHosts = List.copyOf(redirectHosts);
    Rules rules = Rules.of("init");
    rules.check(
        new HashSet<>(required).size() == required.size(),
        "required",
        "must not name a field twice",
        required);
    for (String field : required) {
      rules.check(!field.isBlank(), "required", "must not hold an empty name", required);
    }
    for (String host : redirectHosts) {
      rules.check(
          RedirectHosts.validPattern(host),
          "redirectHosts",
          "must be host names, exact or '*.suffix'",
          host);
    }
    rules.enforce();
  }
}
