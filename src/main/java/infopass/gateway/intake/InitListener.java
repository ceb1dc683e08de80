package infopass.gateway.intake;

/**
 * Is told how every request ended whose caller has an id, at both doors. Called on the request's
 * event loop, so it has to be thread-safe and quick, and must not throw.
 */
public interface InitListener {
  /**
   * @param caller the id of who asked; made up by callers where none are configured
   * @param ownAccount whether the partner was asked with the gateway's own account, so that a link
   *     says nothing of the caller
   * @param granted whether there was a link
   */
  void ended(String caller, boolean ownAccount, boolean granted);
}
