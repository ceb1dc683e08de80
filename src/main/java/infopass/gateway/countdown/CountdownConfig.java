package infopass.gateway.countdown;

import infopass.gateway.config.Rules;
import infopass.gateway.config.Secret;
import java.time.Duration;
import java.util.List;

/**
 * The countdown. Immutable; checks itself.
 *
 * @param expiringAt how long before the end a session counts as expiring
 * @param signingKeys secrets that links are signed with: the first signs, all verify; empty for one
 *     that a cluster's nodes make of their secret, or outside of a cluster for a random one, which
 *     no other replica and no restart knows
 * @param maxStreams most open streams
 * @param maxSessions most sessions that are watched for their events
 */
public record CountdownConfig(
    Duration expiringAt, List<Secret> signingKeys, int maxStreams, int maxSessions) {
  public CountdownConfig {
    signingKeys = List.copyOf(signingKeys);
    Rules rules =
        Rules.of("countdown")
            .notNegative("expiringAt", expiringAt)
            .between("maxStreams", maxStreams, 0, 10_000_000)
            .between("maxSessions", maxSessions, 0, 100_000_000);
    for (Secret key : signingKeys) {
      rules.notEmpty("signingKeys", key);
    }
    rules.enforce();
  }
}
