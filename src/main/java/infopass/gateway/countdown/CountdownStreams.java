package infopass.gateway.countdown;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** All open streams of this process: their limit, and their end when it stops. Thread-safe. */
public final class CountdownStreams {
  private final int limit;
  private final AtomicInteger open = new AtomicInteger();
  private final List<Ticker> tickers = new CopyOnWriteArrayList<>();
  private volatile boolean draining;

  /**
   * @param limit most open streams
   */
  public CountdownStreams(int limit) {
    this.limit = limit;
  }

  /** The ticker for the event loop that this is called on. */
  Ticker ticker(Vertx vertx, Clock clock) {
    Ticker ticker = new Ticker(vertx, clock);
    tickers.add(ticker);
    return ticker;
  }

  /** Takes a place; false where all are taken or the process is stopping. */
  boolean tryOpen() {
    if (draining) {
      return false;
    }
    if (open.incrementAndGet() <= limit) {
      return true;
    }
    open.decrementAndGet();
    return false;
  }

  /** Gives the place back. */
  void closed() {
    open.decrementAndGet();
  }

  /** How many may be open. */
  public int limit() {
    return limit;
  }

  /** How many are open now. */
  public int open() {
    return open.get();
  }

  boolean draining() {
    return draining;
  }

  /** Ends every stream with a hint to come back, and refuses new ones. */
  public Future<Void> drain() {
    draining = true;
    return Future.join(tickers.stream().map(Ticker::drain).toList()).mapEmpty();
  }
}
