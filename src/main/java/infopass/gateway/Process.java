package infopass.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the process up from its start until a signal, and stops it in order. A signal that comes
 * while it starts closes what has been started so far; nobody has been answered by then.
 *
 * <p>It is the first class of ours to be loaded, and signals are heeded from then on: so it takes
 * no logger before it has something to say.
 */
final class Process {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final Duration PREPARED = Duration.ofSeconds(10);

  private final Thread hook = new Thread(this::stop, "stop");
  private final AtomicReference<Runnable> hungUp = new AtomicReference<>(() -> {});
  private Supplier<Future<Void>> undo;
  private Future<Void> closing;
  private CompletableFuture<Void> preparing;
  private Future<Running> starting;
  private Running running;
  private boolean stopping;

  /** From here on SIGTERM and SIGINT are requests to stop, and end the process with zero. */
  Process heedingSignals() {
    Runtime.getRuntime().addShutdownHook(hook);
    HangUp.handle(() -> hungUp.get().run());
    return this;
  }

  /** From here on SIGHUP, which does nothing before, runs this. */
  void onHangUp(Runnable action) {
    hungUp.set(action);
  }

  /**
   * Something that has been started.
   *
   * @param ready the line that says so
   * @param stop stops it in order
   * @param patience longest time that may take
   */
  record Running(String ready, Supplier<Future<Void>> stop, Duration patience) {}

  /**
   * Begins with what blocks. A signal amid it waits until it has come to its end, or for some
   * seconds, and undoes it.
   *
   * @param undoing how; what it gives is waited for on the thread that asks for it
   */
  <T> T prepare(Callable<T> start, Function<T, Future<Void>> undoing) throws Exception {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    synchronized (this) {
      preparing = ended;
    }
    try {
      T prepared = start.call();
      synchronized (this) {
        undo = () -> undoing.apply(prepared);
      }
      return prepared;
    } finally {
      ended.complete(null);
    }
  }

  /** Starts, waits for a signal on this thread, and returns the exit code if the start fails. */
  int run(Vertx vertx, Function<Vertx, Future<Running>> start) {
    Future<Running> opening;
    synchronized (this) {
      opening = stopping ? null : begun(vertx, start);
      undo = undo == null ? vertx::close : undo;
      starting = opening;
    }
    if (opening == null) {
      return untilStopped();
    }
    Running started;
    try {
      started = await(opening, START);
    } catch (ExecutionException | TimeoutException e) {
      if (stopping()) {
        return untilStopped();
      }
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      System.err.println("failed to start: " + cause.getMessage());
      log().debug("failed to start", cause);
      undone();
      Logging.flush();
      return Main.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Main.FAILED;
    }
    if (takeUp(started)) {
      // From now on it is stopped in order: who reads the line may send a signal at once.
      System.out.println(started.ready());
    }
    return untilStopped();
  }

  private static Future<Running> begun(Vertx vertx, Function<Vertx, Future<Running>> start) {
    try {
      return start.apply(vertx);
    } catch (RuntimeException bug) {
      return Future.failedFuture(bug);
    }
  }

  /** The process ends by itself: signals are not heeded any more. Returns the code. */
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
    Future<Running> opening;
    CompletableFuture<Void> prepared;
    synchronized (this) {
      stopping = true;
      started = running;
      opening = starting;
      prepared = preparing;
    }
    int code = Main.STOPPED;
    if (opening != null) {
      code = started == null ? closeUnready(opening) : stopInOrder(started);
      Logging.flush();
    } else if (prepared != null) {
      undoPrepared(prepared);
      Logging.flush();
    }
    Runtime.getRuntime().halt(code);
  }

  private static int stopInOrder(Running started) {
    try {
      await(started.stop().get(), started.patience());
      return Main.STOPPED;
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      log().error("did not stop in order", e);
      return Main.FAILED;
    }
  }

  private int closeUnready(Future<Running> opening) {
    try {
      // What is closed amid its start can wait for itself: it is let come to an end first.
      await(opening.otherwiseEmpty(), CLOSE);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      log().debug("the start did not come to its end", e);
    }
    undone();
    return Main.STOPPED;
  }

  private void undoPrepared(CompletableFuture<Void> prepared) {
    try {
      prepared.get(PREPARED.toMillis(), TimeUnit.MILLISECONDS);
      undone();
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      log().warn("stopped amid the start, which took too long to be waited for");
    }
  }

  /** On this thread: an event loop cannot be told that all of them have ended. */
  private void undone() {
    Future<Void> closed;
    synchronized (this) {
      // Once: a failed start and a signal may both come here.
      closing = closing == null && undo != null ? undo.get() : closing;
      closed = closing;
    }
    try {
      if (closed != null) {
        await(closed, CLOSE);
      }
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      // The end of the process closes what is left: no caller has been promised anything.
      log().debug("did not close in order", e);
    }
  }

  private static Logger log() {
    return LoggerFactory.getLogger(Process.class);
  }

  private static <T> T await(Future<T> future, Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
