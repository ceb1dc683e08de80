package infopass.gateway;

import infopass.gateway.bus.Addresses;
import infopass.gateway.config.EffectiveConfig;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.idempotency.IdempotencyStore;
import infopass.gateway.infopass.CallCounters;
import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.management.AnswerCounts;
import infopass.gateway.management.Latencies;
import infopass.gateway.management.StateChanges;
import infopass.gateway.resilience.FailureRateWindow;
import infopass.gateway.resilience.Pacer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How this process stands, as one JSON object for the operations page: no secrets, nothing of
 * anybody's request. Thread-safe.
 */
final class OperationsState implements Supplier<JsonObject> {
  /** Settings that say who we are to the partner. */
  private static final Set<String> HIDDEN = Set.of("infopass.username", "infopass.password");

  private static final String JAVA = Runtime.version().toString();
  private static final String RETRY = "infopass.retry.";

  /** The file's keys, where the records have other names. */
  private static final Map<String, String> KEYS =
      Map.of(
          "uiEnabled",
          "ui.enabled",
          RETRY + "initialBackoff",
          RETRY + "backoff.initial",
          RETRY + "maxBackoff",
          RETRY + "backoff.max",
          RETRY + "budgetRatio",
          RETRY + "budget.ratio",
          RETRY + "budgetMinPerSecond",
          RETRY + "budget.minPerSecond");

  private final GatewayConfig config;
  private final Shared shared;
  private final Surroundings world;
  private final AnswerCounts answers;
  private final IntSupplier connections;
  private final StateChanges changes;
  private final Instant started;

  /**
   * Call it outside of any verticle.
   *
   * @param connections open connections of the public port
   */
  OperationsState(
      GatewayConfig config,
      Vertx vertx,
      Surroundings world,
      Shared shared,
      AnswerCounts answers,
      IntSupplier connections) {
    this.config = config;
    this.world = world;
    this.shared = shared;
    this.answers = answers;
    this.connections = connections;
    this.changes = new StateChanges(world.clock());
    this.started = world.clock().instant();
    shared.lifecycle().onEnter(stage -> changes.changed("gateway", stage.name()));
    vertx
        .eventBus()
        // Of this process: other nodes of a cluster publish theirs at the same address.
        .<JsonObject>localConsumer(
            Addresses.CIRCUIT,
            event -> changes.changed("circuit", event.body().getString("state")));
  }

  /** Looks at no more than what cannot tell of its changes. */
  void look() {
    compare(shared.accountHold().held(), shared.pacer().snapshot().state());
  }

  private void compare(boolean held, String paced) {
    changes.observed("account", held ? "HELD" : "ACCEPTED");
    changes.observed("quota", paced);
  }

  /** Looks at everything; what cannot tell of its changes is compared with the last look. */
  @Override
  public JsonObject get() {
    Pacer.Snapshot paced = shared.pacer().snapshot();
    boolean held = shared.accountHold().held();
    compare(held, paced.state());
    JsonObject state =
        new JsonObject()
            .put("at", world.clock().instant().toString())
            .put("build", build())
            .put("stage", shared.lifecycle().stage().name())
            .put("traffic", traffic())
            .put("breaker", breaker())
            .put("pool", pool())
            .put("pacer", pacer(paced))
            .put("accountHeld", held)
            .put("calls", calls())
            .put("idempotency", idempotency())
            .put("inFlight", use(shared.inFlight().count(), shared.inFlight().limit()))
            .put("connections", use(connections.getAsInt(), config.http().maxConnections()))
            .put("sessions", use(shared.watchLimit().watched(), shared.watchLimit().limit()))
            .put("streams", use(shared.streams().open(), shared.streams().limit()))
            .put("lagMillis", lags())
            .put("changes", changes.newestFirst());
    return state.put("verdict", Verdict.of(state).json());
  }

  /** The effective configuration: rows of key and value. */
  JsonArray configuration() {
    JsonArray rows = new JsonArray();
    for (EffectiveConfig.Row row : EffectiveConfig.of(config, HIDDEN, KEYS)) {
      rows.add(new JsonObject().put("key", row.key()).put("value", row.value()));
    }
    return rows;
  }

  private JsonObject build() {
    String version = OperationsState.class.getPackage().getImplementationVersion();
    return new JsonObject()
        .put("version", version == null ? "unbuilt" : version)
        .put("java", JAVA)
        .put("startedAt", started.truncatedTo(ChronoUnit.SECONDS).toString())
        .put("upSeconds", Duration.between(started, world.clock().instant()).toSeconds());
  }

  private JsonObject traffic() {
    AnswerCounts.Minute minute = answers.lastMinute();
    JsonArray problems = new JsonArray();
    Stream.of(Problem.values())
        .filter(problem -> minute.problems()[problem.ordinal()] > 0)
        .sorted(Comparator.comparing(problem -> -minute.problems()[problem.ordinal()]))
        .forEach(
            problem ->
                problems.add(
                    new JsonObject()
                        .put("slug", problem.slug())
                        .put("status", problem.status())
                        .put("count", minute.problems()[problem.ordinal()])));
    return new JsonObject()
        .put("seconds", AnswerCounts.SECONDS)
        .put("answers", array(minute.answers()))
        .put("inits", array(minute.inits()))
        .put("failures", array(minute.failures()))
        .put("problems", problems)
        .put("unavailable", shared.counters().unavailableInTheLastMinute())
        .put("boundsMillis", new JsonArray(Latencies.BOUNDS_MILLIS))
        .put("initTimes", array(minute.initTimes()))
        .put("p50Millis", Latencies.quantileMillis(minute.initTimes(), 0.5))
        .put("p99Millis", Latencies.quantileMillis(minute.initTimes(), 0.99));
  }

  private JsonObject breaker() {
    InfopassConfig.Breaker limits = config.infopass().circuitBreaker();
    FailureRateWindow.Snapshot window = shared.circuit().window();
    String state = shared.circuit().state().name();
    return new JsonObject()
        .put("state", state)
        .put("calls", window.calls())
        .put("failures", window.failures())
        .put("slow", window.slow())
        .put("windowSeconds", seconds(limits.window()))
        .put("minimumCalls", limits.minimumCalls())
        .put("failureRate", limits.failureRate())
        .put("slowCallRate", limits.slowCallRate())
        .put("probeInSeconds", state.equals("OPEN") ? seconds(shared.circuit().retryAfter()) : 0);
  }

  private JsonObject pool() {
    InfopassConfig.Pool limits = config.infopass().pool();
    return use((int) shared.pool().inUse(), limits.size())
        .put("waiting", shared.pool().waiting())
        .put("waitLimit", limits.waitQueue());
  }

  private static JsonObject pacer(Pacer.Snapshot paced) {
    return new JsonObject()
        .put("state", paced.state())
        .put("limit", paced.limit())
        .put("perSeconds", seconds(paced.per()))
        .put("used", paced.used())
        .put("waiting", paced.waiting())
        .put("holdSeconds", seconds(Duration.ofNanos(paced.holdNanos())))
        .put("predictedWaitSeconds", seconds(Duration.ofNanos(paced.predictedWaitNanos())));
  }

  private JsonObject calls() {
    CallCounters.Snapshot calls = shared.counters().snapshot();
    return new JsonObject()
        .put("partner", calls.partnerCalls())
        .put("retries", calls.retries())
        .put("possibleDuplicates", calls.possibleDuplicates())
        .put("abandoned", calls.abandoned())
        .put("retryBudget", Math.floor(shared.retryBudget().balance()));
  }

  private JsonObject idempotency() {
    IdempotencyStore.Snapshot kept = shared.repeated().snapshot();
    return use(kept.stored(), config.idempotency().maxEntries())
        .put("running", kept.running())
        .put("replays", kept.replays())
        .put("joins", kept.joins())
        .put("mismatches", kept.mismatches())
        .put("possibleDuplicates", kept.possibleDuplicates())
        .put("displaced", kept.displaced());
  }

  private JsonArray lags() {
    List<Double> millis =
        shared.eventLoops().lags().stream()
            .map(nanos -> (double) TimeUnit.NANOSECONDS.toMillis(nanos))
            .toList();
    return new JsonArray(millis);
  }

  private static JsonObject use(long used, long limit) {
    return new JsonObject().put("used", used).put("limit", limit);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static JsonArray array(long[] counts) {
    return new JsonArray(Arrays.stream(counts).boxed().toList());
  }
}
