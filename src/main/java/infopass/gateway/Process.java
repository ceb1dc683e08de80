package infopass.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the process up from its start until a signal, and stops it in order. A signal that comes
 * while it starts closes what has been started so far; nobody has been answered by then.
 */
final class Process {
  private static final Logger LOG = LoggerFactory.getLogger(Process.class);
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final Thread hook = new Thread(this::stop, "stop");
  private Vertx opened;
  private Running running;
  private boolean stopping;

  private Process() {}

  /** From here on a signal is a request to stop, and ends the process with zero. */
  static Process begin() {
    Process process = new Process();
    Runtime.getRuntime().addShutdownHook(process.hook);
    return process;
  }

  /**
   * Something that has been started.
   *
   * @param ready the line that says so
   * @param stop stops it in order
   * @param patience longest time that may take
   */
  record Running(String ready, Supplier<Future<Void>> stop, Duration patience) {}

  /** Starts, waits for a signal on this thread, and returns the exit code if the start fails. */
  int run(Vertx vertx, Function<Vertx, Future<Running>> start) {
    synchronized (this) {
      opened = vertx;
    }
    Running started;
    try {
      started = await(start.apply(vertx), START);
    } catch (ExecutionException | TimeoutException e) {
      if (stopping()) {
        return untilStopped();
      }
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      System.err.println("failed to start: " + cause.getMessage());
      LOG.debug("failed to start", cause);
      vertx.close();
      Logging.flush();
      return end(Main.FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return end(Main.FAILED);
    }
    if (takeUp(started)) {
      // From now on it is stopped in order: who reads the line may send a signal at once.
      System.out.println(started.ready());
    }
    return untilStopped();
  }

  /** The process ends by itself: takes back what {@link #begin} said, and returns the code. */
  int end(int code) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
      return code;
    } catch (IllegalStateException alreadyStopping) {
      return untilStopped();
    }
  }

  private synchronized boolean takeUp(Running started) {
    running = started;
    return !stopping;
  }

  private synchronized boolean stopping() {
    return stopping;
  }

  /** The hook halts the virtual machine: this waits for that. */
  private static int untilStopped() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Main.STOPPED;
  }

  /** Runs in the shutdown hook, where the virtual machine would exit with the signal's code. */
  private void stop() {
    Running started;
    Vertx vertx;
    synchronized (this) {
      stopping = true;
      started = running;
      vertx = opened;
    }
    int code = started == null ? closeUnready(vertx) : stopInOrder(started);
    Logging.flush();
    Runtime.getRuntime().halt(code);
  }

  private static int stopInOrder(Running started) {
    try {
      await(started.stop().get(), started.patience());
      return Main.STOPPED;
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      LOG.error("did not stop in order", e);
      return Main.FAILED;
    }
  }

  /**
   * @param vertx null where the signal came even before that
   */
  private static int closeUnready(Vertx vertx) {
    try {
      if (vertx != null) {
        await(vertx.close(), CLOSE);
      }
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      // The end of the process closes what is left: no caller has been promised anything.
      LOG.debug("did not close in order", e);
    }
    return Main.STOPPED;
  }

  private static <T> T await(Future<T> future, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
