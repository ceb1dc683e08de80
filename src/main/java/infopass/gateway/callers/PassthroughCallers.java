package infopass.gateway.callers;

import java.util.List;
import java.util.Optional;

/**
 * Callers bring their own accounts at the partner, who alone judges them. The user-id names the
 * caller, but duplicates are told apart by the whole value: a right name with a wrong password must
 * never be given another's answer.
 */
public final class PassthroughCallers implements Callers {
  private final RedirectHosts redirectHosts;
  private final Optional<String> ownAuthorization;

  /**
   * @param ownAuthorization the gateway's own credentials, for senders within this process
   */
  public PassthroughCallers(List<String> redirectHosts, Optional<String> ownAuthorization) {
    this.redirectHosts = new RedirectHosts(redirectHosts);
    this.ownAuthorization = ownAuthorization;
  }

  @Override
  public Verdict identify(BasicAuthorization credentials, String source) {
    return new Verdict.Known(
        new Caller(
            credentials.userId(),
            credentials.value(),
            credentials.value(),
            false,
            redirectHosts,
            Optional.empty()));
  }

  @Override
  public Optional<Caller> inside(String id, Optional<String> own) {
    return own.or(() -> ownAuthorization)
        .map(
            authorization ->
                new Caller(
                    id,
                    Scopes.inside(id, authorization),
                    authorization,
                    own.isEmpty(),
                    redirectHosts,
                    Optional.empty()));
  }

  @Override
  public List<String> ids() {
    return List.of();
  }

  @Override
  public String toString() {
    return "PassthroughCallers";
  }
}
