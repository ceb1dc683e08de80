package infopass.gateway;

import infopass.gateway.bus.SessionEvent;
import infopass.gateway.http.AnswerListener;
import infopass.gateway.idempotency.IdempotencyStore;
import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.intake.Intake;
import infopass.gateway.metrics.AnswerTimers;
import infopass.gateway.metrics.AttemptTimers;
import infopass.gateway.metrics.CallerCounters;
import infopass.gateway.metrics.InitTimers;
import infopass.gateway.metrics.Metrics;
import infopass.gateway.metrics.WaitTimer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * The catalogue of src/docs/metrics.md: what of the shared parts is shown as which metric. What
 * exists is read when the metrics are written; only durations and callers are pushed. Thread-safe.
 */
final class Meters implements AutoCloseable {
  private final Metrics metrics = new Metrics();
  private final CallerCounters callers;
  private final Pushed pushed;

  /**
   * @param loops how many event loops there are
   * @param clients how many client instances share the pool
   */
  Meters(Shared shared, InfopassConfig infopass, int loops, int clients, Cluster cluster) {
    callers = new CallerCounters(metrics, shared.callers().ids());
    pushed =
        new Pushed(
            AnswerListener.both(
                new AnswerTimers(metrics), new InitTimers(metrics, Intake.PATH, "http")),
            new InitTimers(metrics, Intake.PATH, "event_bus"),
            new AttemptTimers(metrics),
            new WaitTimer(metrics),
            callers);
    process(shared, loops);
    inits(shared);
    new PartnerMeters(metrics).show(shared, infopass.pool(), clients);
    repetitions(shared.repeated());
    sessions(shared);
    cluster.show(metrics);
  }

  /** What is to be told while it happens. */
  Pushed pushed() {
    return pushed;
  }

  /** Counts these by name, besides those of before. */
  void know(List<String> ids) {
    callers.know(ids);
  }

  /** Every sample there is now. */
  String text() {
    return metrics.text();
  }

  void openConnections(IntSupplier open) {
    metrics.gauge(
        "http_server_open_connections", "Open connections to the public port", open::getAsInt);
  }

  void acceptFailures(LongSupplier failures) {
    metrics.counter(
        "http_server_accept_failures_total",
        "Times that no connection could be accepted, such as for want of file descriptors",
        failures);
  }

  private void process(Shared shared, int loops) {
    metrics.info(
        "gateway_build_info",
        "Which version runs on which Java; always 1",
        Map.of("version", Main.version(), "java", Runtime.version().toString()));
    metrics.flag(
        "gateway_ready", "Whether requests should be sent here", shared.lifecycle()::ready);
    for (int i = 0; i < loops; i++) {
      int loop = i;
      metrics.gauge(
          "gateway_event_loop_lag_seconds",
          "Worst delay of an event loop in the last 10 to 20 seconds",
          () -> shared.eventLoops().lagSeconds(loop),
          "loop",
          Integer.toString(loop));
    }
  }

  private void inits(Shared shared) {
    metrics.gauge(
        "gateway_inits_in_flight", "Inits being worked on", () -> shared.inFlight().count());
    metrics.gauge(
        "gateway_inits_in_flight_limit",
        "Most inits that are worked on at once",
        () -> shared.inFlight().limit());
  }

  private void repetitions(IdempotencyStore store) {
    metrics.gauge(
        "idempotency_entries",
        "Remembered requests with an Idempotency-Key",
        () -> store.snapshot().stored());
    metrics.gauge(
        "idempotency_running",
        "Requests with an Idempotency-Key being worked on",
        () -> store.snapshot().running());
    repetition(store, "replays", "Repetitions answered from memory", s -> s.replays());
    repetition(store, "joins", "Repetitions of a request that still ran", s -> s.joins());
    repetition(store, "mismatches", "Keys that came with another request", s -> s.mismatches());
    repetition(
        store,
        "possible_duplicates",
        "Repetitions that made another call after an unknown outcome",
        s -> s.possibleDuplicates());
    repetition(store, "displaced", "Requests forgotten early for want of room", s -> s.displaced());
  }

  private void repetition(
      IdempotencyStore store,
      String what,
      String help,
      ToLongFunction<IdempotencyStore.Snapshot> count) {
    metrics.counter(
        "idempotency_" + what + "_total", help, () -> count.applyAsLong(store.snapshot()));
  }

  private void sessions(Shared shared) {
    metrics.gauge(
        "gateway_sessions_live",
        "Links that can still be used and are watched to their end",
        () -> shared.watchLimit().watched());
    for (SessionEvent.Kind kind : SessionEvent.Kind.values()) {
      metrics.counter(
          "gateway_session_events_total",
          "What happened to links",
          () -> shared.sessions().published(kind),
          "kind",
          label(kind.name()));
    }
    metrics.gauge("gateway_countdown_streams", "Open event streams", () -> shared.streams().open());
    metrics.gauge(
        "gateway_countdown_streams_limit",
        "Most event streams that may be open",
        () -> shared.streams().limit());
  }

  /** A constant's name as a label's value. */
  static String label(String constant) {
    return constant.toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    metrics.close();
  }
}
