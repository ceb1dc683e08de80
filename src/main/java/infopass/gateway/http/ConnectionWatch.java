package infopass.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Ends the connections of one event loop that are too slow: with a request's head, or with taking
 * answers. One sweep over all of them instead of timers for each. Belongs to that event loop.
 */
final class ConnectionWatch {
  /** How often to {@link #sweep}. */
  static final long SWEEP_MILLIS = 250;

  static final long PAUSE_MILLIS = 4;

  private static final int ENDED_IN_A_ROW = 16;

  /** With the time to the next sweep, and some that a busy machine may take, 5 s. */
  private static final long HEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(4_000);

  /** The buffers before it are filled first: with them, 15 s. */
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(6);

  private static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(60);

  private record Watched(Channel channel, Lateness peer, WriteProgress progress) {}

  private final LongSupplier nanoTime;
  private final Lateness.Limits limits;
  private final long stallNanos;
  private final Map<Channel, Watched> open = new HashMap<>();

  /**
   * @param requestNanos longest time for a request to arrive whole: no head gets more
   * @param idleNanos longest time without a request on a connection: no stall of its writing may be
   *     longer
   */
  ConnectionWatch(LongSupplier nanoTime, long requestNanos, long idleNanos) {
    this.nanoTime = nanoTime;
    this.stallNanos = Math.min(STALL_NANOS, idleNanos);
    this.limits =
        new Lateness.Limits(
            Math.min(HEAD_NANOS, idleNanos), Math.min(HEAD_NANOS, requestNanos), idleNanos);
  }

  /** Watches a connection until it closes. */
  void add(Channel channel, Lateness peer) {
    open.put(channel, new Watched(channel, peer, new WriteProgress(stallNanos, BUSY_NANOS)));
    channel.closeFuture().addListener(closed -> open.remove(channel));
  }

  /**
   * Looks at the connections.
   *
   * @return whether so many were ended that the rest should wait, for {@link #PAUSE_MILLIS}
   */
  boolean sweep() {
    if (open.isEmpty()) {
      return false;
    }
    long now = nanoTime.getAsLong();
    // A copy, since what is closed leaves at once.
    List<Watched> all = new ArrayList<>(open.values());
    int ended = 0;
    for (Watched watched : all) {
      if (ended == ENDED_IN_A_ROW) {
        return true;
      }
      if (doesNotRead(watched, now)) {
        Wire.cut(watched.channel());
        ended++;
      } else if (watched.peer().late(now, limits)) {
        ended++;
      }
    }
    return false;
  }

  private static boolean doesNotRead(Watched watched, long now) {
    ChannelOutboundBuffer buffer = watched.channel().unsafe().outboundBuffer();
    if (buffer == null) {
      return false;
    }
    return watched
        .progress()
        .late(now, buffer.totalPendingWriteBytes(), buffer.current(), buffer.currentProgress());
  }
}
