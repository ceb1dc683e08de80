package infopass.gateway.http;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Gives pipelined requests their turns, a few each millisecond over all connections of an event
 * loop: they were sent ahead, so they can wait, and callers who wait for an answer cannot. Tasks
 * that are simply put behind each other would keep the loop from its sockets for a second. Belongs
 * to one event loop.
 */
final class PipelineTurns {
  private static final int TURNS = 8;
  private static final long MILLIS = 1;

  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean scheduled;

  /** Runs it later, in its turn. A connection has at most one waiting. */
  void add(EventExecutor loop, Runnable turn) {
    waiting.add(turn);
    schedule(loop);
  }

  private void schedule(EventExecutor loop) {
    if (!scheduled) {
      scheduled = true;
      loop.schedule(() -> run(loop), MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void run(EventExecutor loop) {
    scheduled = false;
    for (int i = 0; i < TURNS && !waiting.isEmpty(); i++) {
      waiting.remove().run();
    }
    if (!waiting.isEmpty()) {
      schedule(loop);
    }
  }
}
