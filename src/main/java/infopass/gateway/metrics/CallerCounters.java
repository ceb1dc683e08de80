package infopass.gateway.metrics;

import infopass.gateway.intake.InitListener;
import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts requests by caller. Only those that are configured have a label of their own: what else
 * callers say of themselves is without bound, and may be a person's. Thread-safe.
 */
public final class CallerCounters implements InitListener {
  private static final String OTHER = "other";

  private record Results(Counter granted, Counter denied) {}

  private final Metrics metrics;
  private final Map<String, Results> byCaller = new ConcurrentHashMap<>();
  private final Results other;

  /**
   * @param callers the configured ids
   */
  public CallerCounters(Metrics metrics, List<String> callers) {
    this.metrics = metrics;
    other = results(metrics, OTHER);
    know(callers);
  }

  /** Gives these a label too: callers that a change of the configuration has brought. */
  public void know(List<String> callers) {
    callers.forEach(caller -> byCaller.computeIfAbsent(caller, id -> results(metrics, id)));
  }

  private static Results results(Metrics metrics, String caller) {
    return new Results(counter(metrics, caller, "granted"), counter(metrics, caller, "denied"));
  }

  private static Counter counter(Metrics metrics, String caller, String result) {
    return metrics.counter(
        "gateway_requests_by_caller_total",
        "Requests of known callers by how they ended",
        "caller",
        caller,
        "result",
        result);
  }

  @Override
  public void ended(String caller, boolean granted) {
    Results results = byCaller.getOrDefault(caller, other);
    (granted ? results.granted() : results.denied()).increment();
  }
}
