package infopass.gateway.http;

/**
 * Bounds what the bodies of requests that have not arrived whole take together. Belongs to one
 * event loop, of which each has its share.
 */
final class BodyBudget {
  /** What a request takes before the first byte of its body. */
  static final int REQUEST_BYTES = 2 * 1024;

  /** Part of the heap that all event loops together may keep such requests in. */
  private static final int SHARE_OF_HEAP = 8;

  private static final long LEAST_BYTES = 1024 * 1024;

  private final long maxBytes;
  private long bytes;

  BodyBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Makes the share of one of so many event loops.
   *
   * @param heap the most that the heap can grow to, in bytes
   */
  static BodyBudget share(long heap, int loops) {
    return new BodyBudget(Math.max(LEAST_BYTES, heap / SHARE_OF_HEAP / loops));
  }

  /** Takes room; false, and nothing is taken, where there is not as much left. */
  boolean tryTake(long more) {
    if (bytes + more > maxBytes) {
      return false;
    }
    bytes += more;
    return true;
  }

  /** Gives room back. */
  void giveBack(long taken) {
    bytes -= taken;
  }

  long bytes() {
    return bytes;
  }
}
