package infopass.gateway.metrics;

import infopass.gateway.intake.InitListener;
import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts requests by caller. Only those that are configured have a label of their own: what else
 * callers say of themselves is without bound, and may be a person's. Thread-safe.
 */
public final class CallerCounters implements InitListener {
  private static final String OTHER = "other";

  private record Results(Counter granted, Counter denied) {}

  private final Map<String, Results> byCaller = new HashMap<>();
  private final Results other;

  /**
   * @param callers the configured ids
   */
  public CallerCounters(Metrics metrics, List<String> callers) {
    callers.forEach(caller -> byCaller.put(caller, results(metrics, caller)));
    other = results(metrics, OTHER);
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
