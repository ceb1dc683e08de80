package infopass.gateway.infopass;

import infopass.gateway.config.Rules;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is expected of tokens and links. Immutable.
 *
 * @param enforce findings that turn an answer into a failure; the others are only noted
 * @param allowedLinkHosts hosts that the partner's links may name
 */
public record TokenConfig(Set<TokenFinding> enforce, Set<String> allowedLinkHosts) {
  public TokenConfig(Set<TokenFinding> enforce, List<String> allowedLinkHosts) {
    this(enforce, new HashSet<>(allowedLinkHosts));
  }

  public TokenConfig {
    enforce = Set.copyOf(enforce);
    allowedLinkHosts =
        allowedLinkHosts.stream()
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    Rules rules = Rules.of("token");
    rules.check(
        enforce.stream().allMatch(TokenFinding::isEnforceable),
        "enforce",
        "must be crossed, sandbox, stale or link-host",
        enforce);
    for (String host : allowedLinkHosts) {
      rules.check(
          host.matches("[a-z0-9._-]+|\\[[0-9a-f:.]+]"),
          "allowedLinkHosts",
          "must be host names",
          host);
    }
    rules.enforce();
  }
}
