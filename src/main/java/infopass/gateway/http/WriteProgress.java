package infopass.gateway.http;

/**
 * Whether a peer takes what is written to it. Fed with readings, it says when nothing has moved for
 * too long, or when a peer that does take a little has never caught up. For one connection.
 */
final class WriteProgress {
  private final long stallNanos;
  private final long busyNanos;
  private boolean busy;
  private long busySince;
  private long movedAt;
  private long lastPending;
  private long lastPart;
  private Object lastFirst;

  /**
   * @param stallNanos longest time without any progress
   * @param busyNanos longest time without having been empty
   */
  WriteProgress(long stallNanos, long busyNanos) {
    this.stallNanos = stallNanos;
    this.busyNanos = busyNanos;
  }

  /**
   * Takes a reading of the bytes that wait to be written.
   *
   * @param pending how many there are, with those of {@code first} that were written
   * @param first what is written first, told apart by identity; may be null
   * @param part how much of that was written
   * @return whether the peer has had its time
   */
  boolean late(long now, long pending, Object first, long part) {
    if (pending == 0) {
      busy = false;
      lastFirst = null;
      return false;
    }
    if (!busy) {
      busy = true;
      busySince = now;
      movedAt = now;
    } else if (first != lastFirst || part != lastPart || pending < lastPending) {
      movedAt = now;
    }
    lastPending = pending;
    lastFirst = first;
    lastPart = part;
    return now - movedAt > stallNanos || now - busySince > busyNanos;
  }
}
