package infopass.gateway;

import infopass.gateway.infopass.CallCounters;
import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.infopass.TokenFinding;
import infopass.gateway.infopass.UnreachableCause;
import infopass.gateway.metrics.Metrics;
import infopass.gateway.resilience.Pacer;
import io.vertx.circuitbreaker.CircuitBreakerState;
import java.util.stream.IntStream;

/** The part of the catalogue that is about the partner and the policies around it. */
final class PartnerMeters {
  private final Metrics metrics;

  PartnerMeters(Metrics metrics) {
    this.metrics = metrics;
  }

  /**
   * @param clients how many client instances share the pool
   */
  void show(Shared shared, InfopassConfig.Pool pool, int clients) {
    calls(shared);
    circuit(shared);
    pool(shared, pool, clients);
    pacer(shared.pacer());
  }

  private void calls(Shared shared) {
    CallCounters counters = shared.counters();
    metrics.counter(
        "infopass_retries_total",
        "Attempts after the first of a request",
        () -> counters.snapshot().retries());
    metrics.counter(
        "infopass_possible_duplicates_total",
        "Retries of a request that Infopass may have processed",
        () -> counters.snapshot().possibleDuplicates());
    metrics.counter(
        "infopass_abandoned_total",
        "Requests written to Infopass whose caller left before the answer",
        () -> counters.snapshot().abandoned());
    metrics.gauge(
        "infopass_retry_budget", "Retries that are left", () -> shared.retryBudget().balance());
    metrics.flag(
        "infopass_account_held",
        "Whether calls with the gateway's own account are held back",
        shared.accountHold()::held);
    String busy = "infopass_busy_total";
    String help = "Inits answered upstream-busy, by what takes no more: the quota or Infopass";
    metrics.counter(busy, help, counters::quotaExceeded, "cause", "quota");
    metrics.counter(busy, help, counters::unavailable, "cause", "unavailable");
    for (UnreachableCause cause : UnreachableCause.values()) {
      metrics.counter(
          "infopass_unreachable_total",
          "Attempts for which no connection to Infopass could be made",
          () -> counters.unreachable(cause),
          "cause",
          Meters.label(cause.name()));
    }
    for (TokenFinding finding : TokenFinding.values()) {
      metrics.counter(
          "gateway_token_findings_total",
          "Tokens and links of Infopass that do not fit",
          () -> counters.findings(finding),
          "finding",
          Meters.label(finding.name()));
    }
  }

  private void circuit(Shared shared) {
    for (CircuitBreakerState state : CircuitBreakerState.values()) {
      metrics.flag(
          "infopass_circuit_state",
          "1 for the state that the circuit is in",
          () -> shared.circuit().state() == state,
          "state",
          Meters.label(state.name()));
    }
    metrics.counter(
        "infopass_circuit_opened_total",
        "How often the circuit opened",
        () -> shared.circuit().openings());
    metrics.gauge(
        "infopass_circuit_window_calls",
        "Calls that the circuit judges by",
        () -> shared.circuit().window().calls());
    metrics.gauge(
        "infopass_circuit_window_failures",
        "Failed calls among those that the circuit judges by",
        () -> shared.circuit().window().failures());
    metrics.gauge(
        "infopass_circuit_window_slow",
        "Slow calls among those that the circuit judges by",
        () -> shared.circuit().window().slow());
  }

  private void pool(Shared shared, InfopassConfig.Pool pool, int clients) {
    int size = IntStream.range(0, clients).map(i -> Shares.of(pool.size(), clients, i, 1)).sum();
    int queue =
        IntStream.range(0, clients).map(i -> Shares.of(pool.waitQueue(), clients, i, 0)).sum();
    metrics.gauge("infopass_pool_size", "Most calls at Infopass at once", () -> size);
    metrics.gauge("infopass_pool_in_use", "Calls at Infopass", () -> shared.pool().inUse());
    metrics.gauge(
        "infopass_pool_waiting",
        "Calls that wait for a place in the pool",
        () -> shared.pool().waiting());
    metrics.gauge(
        "infopass_pool_wait_queue", "Most calls that wait for a place in the pool", () -> queue);
  }

  private void pacer(Pacer pacer) {
    for (String state : Pacer.states()) {
      metrics.flag(
          "infopass_pacer_state",
          "1 for what the limit is based on",
          () -> pacer.snapshot().state().equals(state),
          "state",
          Meters.label(state));
    }
    metrics.gauge(
        "infopass_pacer_limit",
        "Most calls in a window of the quota; 0 where none is known",
        () -> pacer.snapshot().limit());
    metrics.gauge(
        "infopass_pacer_window_seconds",
        "Length of the quota's window",
        () -> pacer.snapshot().per().toNanos() / 1e9);
    metrics.gauge(
        "infopass_pacer_used",
        "Calls that count for the quota's window",
        () -> pacer.snapshot().used());
    metrics.gauge(
        "infopass_pacer_waiting",
        "Calls that wait for their turn in the quota",
        () -> pacer.snapshot().waiting());
    metrics.gauge(
        "infopass_pacer_hold_seconds",
        "How long nothing is sent, since Infopass said so",
        () -> pacer.snapshot().holdNanos() / 1e9);
    metrics.gauge(
        "infopass_pacer_predicted_wait_seconds",
        "How long a call of a new caller can expect to wait for its turn",
        () -> pacer.snapshot().predictedWaitNanos() / 1e9);
  }
}
