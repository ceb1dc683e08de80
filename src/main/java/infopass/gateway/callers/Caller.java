package infopass.gateway.callers;

import java.util.Objects;
import java.util.Optional;

/**
 * Somebody who asks for links. Immutable but for the quota, which is thread-safe. {@link
 * #toString()} shows the id only.
 *
 * @param id for fairness, counting and events
 * @param scope what duplicates are told apart by: two callers with one scope share answers; a
 *     secret
 * @param authorization the Authorization value for the partner; a secret
 * @param ownAccount whether that is the gateway's own account rather than the caller's
 * @param redirectHosts where people may be sent to
 * @param quota how much the caller may ask for; empty for no limit
 */
public record Caller(
    String id,
    String scope,
    String authorization,
    boolean ownAccount,
    RedirectHosts redirectHosts,
    Optional<CallerQuota> quota) {

  public Caller {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(authorization, "authorization");
    Objects.requireNonNull(redirectHosts, "redirectHosts");
    Objects.requireNonNull(quota, "quota");
  }

  @Override
  public String toString() {
    return "Caller[" + id + "]";
  }
}
