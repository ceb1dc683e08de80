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

/** Keeps the process up from its start until a signal, and stops it in order. */
final class Process {
  private static final Logger LOG = LoggerFactory.getLogger(Process.class);
  private static final long START_SECONDS = 60;

  private Process() {}

  /**
   * Something that has been started.
   *
   * @param ready the line that says so
   * @param stop stops it in order
   * @param patience longest time that may take
   */
  record Running(String ready, Supplier<Future<Void>> stop, Duration patience) {}

  /** Starts, waits for a signal on this thread, and returns the exit code if the start fails. */
  static int run(Vertx vertx, Function<Vertx, Future<Running>> start) {
    Running running;
    try {
      running = await(start.apply(vertx), Duration.ofSeconds(START_SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      System.err.println("failed to start: " + cause.getMessage());
      LOG.debug("failed to start", cause);
      vertx.close();
      Logging.flush();
      return Main.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Main.FAILED;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running), "stop"));
    // After the hook: who reads the line may send a signal at once.
    System.out.println(running.ready());
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Main.STOPPED;
  }

  /** Runs in the shutdown hook, where the virtual machine would exit with the signal's code. */
  private static void stop(Running running) {
    int code = Main.STOPPED;
    try {
      await(running.stop().get(), running.patience());
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      LOG.error("did not stop in order", e);
      code = Main.FAILED;
    }
    Logging.flush();
    Runtime.getRuntime().halt(code);
  }

  private static <T> T await(Future<T> future, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
