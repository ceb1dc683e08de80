package infopass.gateway.resilience;

/**
 * What is believed of a partner's quota.
 *
 * @param limit most calls in the window; 0 where none is believed or suspected
 * @param per the window, in nanoseconds
 */
record QuotaBelief(State state, int limit, long per) {
  /** What the limit is based on. */
  enum State {
    FREE,
    SLOW_START,
    SUSPECTED,
    CONFIRMED
  }

  static QuotaBelief free(long per) {
    return new QuotaBelief(State.FREE, 0, per);
  }

  static QuotaBelief slowStart(long per) {
    return new QuotaBelief(State.SLOW_START, 0, per);
  }

  static QuotaBelief suspected(int limit, long per) {
    return new QuotaBelief(State.SUSPECTED, limit, per);
  }

  static QuotaBelief confirmed(int limit, long per) {
    return new QuotaBelief(State.CONFIRMED, limit, per);
  }

  QuotaBelief withLimit(int other) {
    return new QuotaBelief(state, other, per);
  }
}
