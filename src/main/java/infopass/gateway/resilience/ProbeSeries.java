package infopass.gateway.resilience;

/**
 * Calls that are sent to find out whether they may be: one, and when that was answered well two,
 * then four, and so on, each batch after the answers to the one before. Not thread-safe.
 */
final class ProbeSeries {
  private int batch = 1;
  private int taken;
  private int answered;
  private int passed;

  /** How many more calls of the running batch may be sent. */
  int left() {
    return batch - taken;
  }

  void take() {
    taken++;
  }

  void unused() {
    taken--;
  }

  void answeredWell() {
    passed++;
    if (++answered == batch) {
      batch = Math.min(2 * batch, 1 << 20);
      taken = 0;
      answered = 0;
    }
  }

  /** Calls of all batches that were answered well. */
  int passed() {
    return passed;
  }
}
