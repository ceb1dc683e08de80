package infopass.gateway.intake;

/**
 * Is told how every request of a known caller ended, at both doors. Called on the request's event
 * loop, so it has to be thread-safe and quick, and must not throw.
 */
public interface InitListener {
  /**
   * @param caller the id of who asked; made up by callers where none are configured
   * @param granted whether there was a link
   */
  void ended(String caller, boolean granted);
}
