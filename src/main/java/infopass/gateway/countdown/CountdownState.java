package infopass.gateway.countdown;

import java.time.Duration;

/** Where a session stands on its way to its end. */
enum CountdownState {
  ACTIVE("active"),
  EXPIRING("expiring"),
  EXPIRED("expired");

  private final String word;

  CountdownState(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  /**
   * @param expiresAtSeconds end of the session, in seconds since the epoch
   * @param expiringAt how long before the end it counts as expiring
   */
  static CountdownState at(long nowMillis, long expiresAtSeconds, Duration expiringAt) {
    long leftMillis = Countdown.leftMillis(nowMillis, expiresAtSeconds);
    if (leftMillis <= 0) {
      return EXPIRED;
    }
    return leftMillis <= expiringAt.toMillis() ? EXPIRING : ACTIVE;
  }
}
