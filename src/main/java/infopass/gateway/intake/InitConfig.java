package infopass.gateway.intake;

import infopass.gateway.callers.RedirectHosts;
import infopass.gateway.config.Rules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which init requests are let through. Immutable; checks itself.
 *
 * @param required members of the body that must be non-empty strings
 * @param allowMasked whether a {@code *} in email or mobile is taken as it is
 * @param redirectHosts hosts that redirectUrl may name, exact or {@code *.suffix}; empty allows all
 * @param redirectSchemes schemes that it may have, in lower case; others than http and https are
 *     links to apps, to which the hosts do not apply
 */
public record InitConfig(
    List<String> required,
    boolean allowMasked,
    List<String> redirectHosts,
    List<String> redirectSchemes) {
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");

  /** Those that run or show what is in the link itself, or a file. */
  private static final Set<String> UNSAFE =
      Set.of("javascript", "vbscript", "data", "blob", "file", "filesystem", "about");

  /** What the partner documents. */
  public static final List<String> ALL_FIELDS =
      List.of("name", "email", "mobile", "redirectUrl", "state");

  public InitConfig {
    required = List.copyOf(required);
    redirectHosts = List.copyOf(redirectHosts);
    redirectSchemes = List.copyOf(redirectSchemes);
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
    rules.check(!redirectSchemes.isEmpty(), "redirectSchemes", "must not be empty", "[]");
    for (String scheme : redirectSchemes) {
      rules.check(
          SCHEME.matcher(scheme).matches() && !UNSAFE.contains(scheme),
          "redirectSchemes",
          "must be schemes in lower case, such as https or myapp, that run nothing",
          scheme);
    }
    rules.enforce();
  }
}
