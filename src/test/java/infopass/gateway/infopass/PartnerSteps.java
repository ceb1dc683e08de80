package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitSession;
import infopass.gateway.json.MalformedJsonException;
import infopass.gateway.resilience.Backoff;
import infopass.gateway.resilience.Bulkhead;
import infopass.gateway.resilience.Pacer;
import infopass.gateway.resilience.RefusalEvidence;
import infopass.gateway.resilience.RetryBudget;
import infopass.gateway.resilience.TimerWheel;
import infopass.gateway.sandbox.MintedAnswers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

/** What the partner side does with one call, but for the wire. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
public class PartnerSteps {
  private static final int CALLS = 1_000;

  private final byte[] body = MintedAnswers.bodyOf(new MintedAnswers().next());
  private final Inflation inflation = new Inflation();
  private final AnswerJudge judge =
      new AnswerJudge(
          new TokenConfig(Set.of(), List.of("digilocker-sdk.notbot.in")), new CallCounters());
  private final PartnerCall call = Fixtures.call();
  private Vertx vertx;
  private Context loop;
  private InfopassClient policies;
  private String token;

  @Setup
  public void start() throws MalformedJsonException {
    token = Envelope.read(body).token();
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    loop = vertx.getOrCreateContext();
    InitSession session = Fixtures.session();
    InfopassClient client = asked -> Future.succeededFuture(session);
    client =
        new LimitedClient(
            client,
            new Bulkhead(128, 128),
            new SplittableRandom(1),
            new PoolUse(),
            waited -> {},
            System::nanoTime);
    BreakerClient breaker = new BreakerClient(client, circuit(), Duration.ofSeconds(8), vertx);
    client =
        new PacedClient(
            breaker,
            pacer(),
            new RefusalEvidence(System::nanoTime),
            breaker::refusedNow,
            () -> false,
            vertx,
            System::nanoTime);
    client =
        new RetryingClient(
            client,
            new InfopassConfig.Retry(
                3,
                InfopassConfig.RetryOn.TRANSIENT,
                Duration.ofMillis(100),
                Duration.ofSeconds(2),
                0.1,
                3),
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2), new SplittableRandom(2)),
            new RetryBudget(0.1, 3, System::nanoTime),
            new CallCounters(),
            vertx,
            System::nanoTime);
    client = new AccountClient(client, new AccountHold(System::nanoTime));
    policies =
        new DeadlineClient(
            client,
            new TimerWheel(
                System::nanoTime, (millis, run) -> vertx.setTimer(millis, on -> run.run())),
            System::nanoTime);
  }

  private PartnerCircuit circuit() {
    InfopassConfig.Breaker config =
        new InfopassConfig.Breaker(
            Duration.ofSeconds(10), 20, 0.5, 0.8, Duration.ofSeconds(8), Duration.ofSeconds(5));
    return new PartnerCircuit(vertx, config, System::nanoTime, (name, state) -> {});
  }

  private static Pacer pacer() {
    return new Pacer(
        0,
        Duration.ofSeconds(60),
        4_096,
        System::nanoTime,
        new SplittableRandom(3),
        (delay, action) -> {});
  }

  @TearDown
  public void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Benchmark
  public Object envelope() throws MalformedJsonException {
    return Envelope.read(body);
  }

  @Benchmark
  public Object tokenDecode() {
    return PartnerToken.decode(token, inflation);
  }

  /** Both of the above, and all that is looked for. */
  @Benchmark
  public Object judgeAndSplice() {
    Instant now = Instant.now();
    return judge.judge(call, new PartnerAnswer(200, body, now, now, now, null));
  }

  /** Deadline, account, retry, pacer, breaker and limit around a partner that answers at once. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public void policies() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.runOnContext(
        run -> {
          for (int i = 0; i < CALLS; i++) {
            policies.init(new PartnerCall(call.command()));
          }
          done.complete(null);
        });
    done.join();
  }
}
