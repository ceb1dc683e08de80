package infopass.gateway.cluster;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that talk to Infinispan in place of event loops: it does not wait for answers, but its
 * flow control may hold up who sends to a node that has stopped reading. What finds no place in the
 * queue is refused with a {@link java.util.concurrent.RejectedExecutionException}.
 */
final class GridThreads implements Executor, AutoCloseable {
  private static final int THREADS = 2;
  private static final int MAX_QUEUE = 8192;

  private final ThreadPoolExecutor pool;

  GridThreads() {
    pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(MAX_QUEUE),
            work -> {
              Thread thread = new Thread(work, "cluster-store");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public void execute(Runnable work) {
    pool.execute(work);
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
