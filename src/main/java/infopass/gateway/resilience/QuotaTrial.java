package infopass.gateway.resilience;

/**
 * The calls that are sent to find out whether there is a limit: all of a slow start, and those
 * beyond a limit that is only suspected, once that is used up. Not thread-safe; times are readings
 * of a monotonic clock in nanoseconds.
 */
final class QuotaTrial {
  private final Hold hold;
  private ProbeSeries probes = new ProbeSeries();
  private long delay;
  private boolean beyond;

  /**
   * @param hold nothing is tried before it ends
   */
  QuotaTrial(Hold hold) {
    this.hold = hold;
  }

  /** Begins again with one call. */
  void restart() {
    probes = new ProbeSeries();
    beyond = false;
  }

  /** Begins again with one call, this long after the hold. */
  void restart(long nanosAfterHold) {
    delay = nanosAfterHold;
    restart();
  }

  /** So many calls as are suspected to be the limit were sent: the next ones go beyond it. */
  void goBeyond() {
    if (!beyond) {
      restart();
      beyond = true;
    }
  }

  boolean beyond() {
    return beyond;
  }

  /** How many calls may be sent now, or when the delay is over. */
  int left() {
    return probes.left();
  }

  /** Nanoseconds until they may be sent. */
  long remaining(long now) {
    return Math.max(hold.remaining(now), hold.until() + delay - now);
  }

  /** Sends the call as one of them if that is allowed now. */
  boolean tryTake(QuotaCall call, long now) {
    if (now - hold.until() < delay || probes.left() == 0) {
      return false;
    }
    probes.take();
    call.probe = probes;
    return true;
  }

  /** A call was answered well; true if by now this many beyond the limit were. */
  boolean passed(QuotaCall call, int enough) {
    if (call.probe == null || call.probe != probes) {
      return false;
    }
    probes.answeredWell();
    return beyond && probes.passed() >= enough;
  }
}
