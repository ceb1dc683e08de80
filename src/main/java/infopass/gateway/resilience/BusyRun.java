package infopass.gateway.resilience;

/**
 * The calls since the partner last had nothing to count, as far as that is known: since a pause of
 * a window, or since a hold. Not thread-safe.
 */
final class BusyRun {
  private boolean running;
  private long start;
  private int granted;

  /**
   * @param counted the calls of the window before this one
   */
  void granted(long now, int counted) {
    if (!running || counted == 0) {
      running = true;
      start = now;
      granted = 0;
    }
    granted++;
  }

  /** The call sent then does not count: it was refused, or never sent. */
  void takenBack(long sentAt) {
    if (sentAt - start >= 0 && granted > 0) {
      granted--;
    }
  }

  /** The next call begins a new run. */
  void end() {
    running = false;
    granted = 0;
  }

  boolean lastedAtMost(long nanos, long now) {
    return running && now - start <= nanos;
  }

  long start() {
    return start;
  }

  int granted() {
    return granted;
  }
}
