package infopass.gateway.countdown;

/**
 * One open stream. Ticks are absolute: what is sent depends on the clock alone, so that a reader
 * who is behind misses ticks and nothing piles up. Belongs to one event loop.
 */
final class Subscriber {
  /** Ticks that a reader may miss in a row before it is dropped. */
  static final int MAX_MISSED = 30;

  /** Ticks without an event after which a sign of life is sent. */
  static final int BEAT_EVERY = 5;

  private final Countdown countdown;
  private final int every;
  private final Sink sink;
  private boolean expiringSent;
  private int missed;
  private int silent;

  /**
   * @param every seconds between two ticks
   * @param lastId remaining seconds that the reader saw last, before it reconnected; negative for
   *     none
   */
  Subscriber(Countdown countdown, int every, long lastId, Sink sink) {
    this.countdown = countdown;
    this.every = every;
    this.sink = sink;
    // The id is rounded down: one of just as much may have come before that moment.
    this.expiringSent = lastId >= 0 && lastId < countdown.expiringAt().toSeconds();
  }

  /** Sends what is true now. False where nothing follows. */
  boolean begin(long nowMillis) {
    if (countdown.state(nowMillis) != CountdownState.EXPIRED) {
      send("countdown", nowMillis);
    }
    return advance(nowMillis, false);
  }

  /** Sends what is due now. False where nothing follows. */
  boolean tick(long nowMillis) {
    return advance(nowMillis, countdown.remainingSeconds(nowMillis) % every == 0);
  }

  private boolean advance(long nowMillis, boolean due) {
    CountdownState state = countdown.state(nowMillis);
    if (state == CountdownState.EXPIRED) {
      send("expired", nowMillis);
      sink.end();
      return false;
    }
    if (sink.full()) {
      if (++missed > MAX_MISSED) {
        sink.drop();
        return false;
      }
      return true;
    }
    missed = 0;
    if (due) {
      send("countdown", nowMillis);
    }
    if (state == CountdownState.EXPIRING && !expiringSent) {
      expiringSent = true;
      send("expiring", nowMillis);
    }
    if (++silent >= BEAT_EVERY) {
      silent = 0;
      sink.beat();
    }
    return true;
  }

  void drop() {
    sink.drop();
  }

  void goAway() {
    sink.goAway();
  }

  private void send(String event, long nowMillis) {
    silent = 0;
    sink.send(event, countdown.remainingSeconds(nowMillis), countdown.json(nowMillis));
  }
}
