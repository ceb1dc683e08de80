package infopass.gateway.countdown;

import io.vertx.core.json.Json;
import java.time.Duration;
import java.time.Instant;

/**
 * One session's way to its end: all that is told of it is computed from the end and the clock.
 * Immutable.
 */
final class Countdown {
  private final long expiresAtSeconds;
  private final Duration expiringAt;
  private final String clientIdJson;
  private final String expiresAtJson;

  /**
   * @param clientId the partner's id of the session
   * @param expiresAtSeconds its end, in seconds since the epoch
   * @param expiringAt how long before the end it counts as expiring
   */
  Countdown(String clientId, long expiresAtSeconds, Duration expiringAt) {
    this.expiresAtSeconds = expiresAtSeconds;
    this.expiringAt = expiringAt;
    this.clientIdJson = "{\"clientId\":" + Json.encode(clientId) + ",\"state\":\"";
    this.expiresAtJson =
        "\",\"expiresAt\":\""
            + Instant.ofEpochSecond(expiresAtSeconds)
            + "\",\"remainingSeconds\":";
  }

  static long leftMillis(long nowMillis, long expiresAtSeconds) {
    return Math.subtractExact(Math.multiplyExact(expiresAtSeconds, 1000L), nowMillis);
  }

  /** Whole seconds left, rounded down. */
  long remainingSeconds(long nowMillis) {
    return Math.max(0, Math.floorDiv(leftMillis(nowMillis, expiresAtSeconds), 1000L));
  }

  CountdownState state(long nowMillis) {
    return CountdownState.at(nowMillis, expiresAtSeconds, expiringAt);
  }

  Duration expiringAt() {
    return expiringAt;
  }

  /** The object that every form of the countdown tells, as JSON on one line. */
  String json(long nowMillis) {
    return clientIdJson
        + state(nowMillis).word()
        + expiresAtJson
        + remainingSeconds(nowMillis)
        + '}';
  }
}
