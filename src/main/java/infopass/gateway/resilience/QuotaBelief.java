package infopass.gateway.resilience;

/**
 * What is believed of a partner's quota.
 *
 * @param limit most calls in the window; 0 where none is believed or suspected
 * @param per the window, in nanoseconds
 */
record QuotaBelief(State state, int limit, long per) {
  /**
   * What the limit is based on: with n calls that were not refused in the window w when a refusal
   * comes, see {@link QuotaEstimate}.
   *
   * <table>
   * <caption>States</caption>
   * <tr><th>state</th><th>may be sent</th><th>a refusal</th><th>leaves for</th></tr>
   * <tr><td>FREE</td><td>everything</td><td>n below 10 and not seen before: SLOW_START; else
   * SUSPECTED(n, w)</td><td></td></tr>
   * <tr><td>SLOW_START</td><td>batches of 1, 2, 4 ... as they are answered</td><td>as FREE</td>
   * <td>FREE after 63 good answers</td></tr>
   * <tr><td>SUSPECTED(c, w)</td><td>c in w, and beyond it batches of 1, 2, 4 ...</td><td>n near c:
   * CONFIRMED; else as FREE</td><td>FREE after min(c, 64) good answers beyond c</td></tr>
   * <tr><td>CONFIRMED(c, w)</td><td>c in w, evenly while there is contention; c is tried to be raised
   * now and then, see {@link RisingLimit}</td><td>takes back the last raise; else c = n if n is near c,
   * or was so the last time</td><td></td></tr>
   * </table>
   */
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
