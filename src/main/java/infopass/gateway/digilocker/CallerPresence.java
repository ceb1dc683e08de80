package infopass.gateway.digilocker;

/**
 * Tells the partner side that the caller has gone away, so that a request which was not sent yet
 * need not be. One per request; thread-safe.
 */
public final class CallerPresence {
  private boolean left;
  private Runnable whenLeft;

  /** The caller has gone. Runs the registered action, once. */
  public void leave() {
    Runnable action;
    synchronized (this) {
      if (left) {
        return;
      }
      left = true;
      action = whenLeft;
      whenLeft = null;
    }
    if (action != null) {
      action.run();
    }
  }

  public synchronized boolean left() {
    return left;
  }

  /**
   * Registers what to do when the caller leaves, in place of what was registered before; it runs at
   * once, on this thread, if the caller has left already, and on the leaving thread otherwise.
   */
  public void whenLeft(Runnable action) {
    synchronized (this) {
      if (!left) {
        whenLeft = action;
        return;
      }
    }
    action.run();
  }
}
