package infopass.gateway.bus;

import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.TraceParent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A question to the partner side over the event bus, and the answer, one after the other. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class BusSteps {
  private static final int HOPS = 1_000;

  private final InitCommand command =
      new InitCommand(
          "c-1",
          "caller",
          "Basic x",
          false,
          TraceParent.start(new SplittableRandom(1)),
          Payload.owning(new byte[0]),
          Deadline.after(Duration.ofHours(1), System::nanoTime),
          new CallerPresence());
  private Vertx vertx;
  private Context ownLoop;
  private Context otherLoop;
  private InitBus.Asker own;
  private InitBus.Asker other;

  @Setup
  public void start() {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    InitBus bus = new InitBus(vertx, System::nanoTime);
    InitOutcome outcome = new InitOutcome.Denied(InitFailure.of(Problem.UPSTREAM_BUSY, "busy"));
    ownLoop = context();
    otherLoop = context();
    on(ownLoop, () -> bus.serve(asked -> Future.succeededFuture(outcome)));
    own = on(ownLoop, bus::asker);
    other = on(otherLoop, bus::asker);
  }

  /** Each of a thread of its own takes the next event loop. */
  private Context context() {
    return CompletableFuture.supplyAsync(
            vertx::getOrCreateContext, task -> new Thread(task).start())
        .join();
  }

  private static <T> T on(Context context, Supplier<T> action) {
    CompletableFuture<T> done = new CompletableFuture<>();
    context.runOnContext(run -> done.complete(action.get()));
    return done.join();
  }

  @TearDown
  public void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Benchmark
  @OperationsPerInvocation(HOPS)
  public void hopOnOwnLoop() {
    hops(ownLoop, own);
  }

  @Benchmark
  @OperationsPerInvocation(HOPS)
  public void hopToOtherLoop() {
    hops(otherLoop, other);
  }

  private void hops(Context context, InitBus.Asker asker) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.runOnContext(run -> hop(asker, HOPS, done));
    done.join();
  }

  private void hop(InitBus.Asker asker, int left, CompletableFuture<Void> done) {
    if (left == 0) {
      done.complete(null);
    } else {
      asker.ask(command).onComplete(answered -> hop(asker, left - 1, done));
    }
  }
}
