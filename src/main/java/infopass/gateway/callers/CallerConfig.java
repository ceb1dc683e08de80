package infopass.gateway.callers;

import infopass.gateway.config.Rules;
import infopass.gateway.config.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A caller with keys of its own. Immutable; checks itself.
 *
 * @param id its user-id
 * @param secretSha256 SHA-256 digests of its passwords in hexadecimal: one, or two while the
 *     password is being changed
 * @param redirectHosts hosts that it may send people to, in place of the general list; empty for
 *     the general list
 * @param quota how much it may ask for; empty for no limit of its own
 */
public record CallerConfig(
    String id, List<Secret> secretSha256, List<String> redirectHosts, Optional<Quota> quota) {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-fA-F]{64}");
  private static final int MAX_ID_LENGTH = 128;

  public CallerConfig {
    secretSha256 = List.copyOf(secretSha256);
    redirectHosts = List.copyOf(redirectHosts);
    Rules rules = Rules.of("callers");
    rules
        .notBlank("id", id)
        .check(
            id.length() <= MAX_ID_LENGTH
                && id.indexOf(':') < 0
                && id.chars().noneMatch(Character::isISOControl),
            "id",
            "must be at most 128 characters without colons or control characters",
            id)
        .check(
            !secretSha256.isEmpty() && secretSha256.size() <= 2,
            "secretSha256",
            "must hold one digest, or two during a change")
        .check(
            secretSha256.stream().allMatch(digest -> DIGEST.matcher(digest.reveal()).matches()),
            "secretSha256",
            "must be SHA-256 digests, 64 hexadecimal digits each");
    for (String host : redirectHosts) {
      rules.check(
          RedirectHosts.validPattern(host),
          "redirectHosts",
          "must be host names, exact or '*.suffix'",
          host);
    }
    rules.enforce();
  }

  /**
   * How many links a caller may ask for.
   *
   * @param requests in any span of the period
   * @param per the period
   */
  public record Quota(int requests, Duration per) {
    public Quota {
      Rules.of("quota")
          .between("requests", requests, 1, 10_000_000)
          .check(
              per.toSeconds() >= 1 && per.compareTo(Duration.ofDays(31)) <= 0,
              "per",
              "must be between 1s and 31 days",
              per)
          .enforce();
    }
  }
}
