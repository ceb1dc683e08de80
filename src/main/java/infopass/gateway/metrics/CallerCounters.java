package infopass.gateway.metrics;

import infopass.gateway.intake.InitListener;
import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Counts requests by caller. Those that are configured have a label of their own, and of the others
 * the first {@value #MOST_OTHERS} for whom something was granted, where their name is short and not
 * of a form that a person's address or telephone has: what callers say of themselves is without
 * bound, and anybody's until it has been accepted. Thread-safe.
 */
public final class CallerCounters implements InitListener {
  private static final String OTHER = "other";
  private static final int MOST_OTHERS = 100;

  /** No address of a person. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  /** Some person's telephone, perhaps. */
  private static final Pattern NUMBER = Pattern.compile("[0-9.:-]+");

  private record Results(Counter granted, Counter denied) {}

  private final Metrics metrics;
  private final Map<String, Results> byCaller = new ConcurrentHashMap<>();
  private final Results other;
  private final AtomicInteger room = new AtomicInteger(MOST_OTHERS);

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
    Results results = byCaller.get(caller);
    if (results == null) {
      results = granted ? met(caller) : other;
    }
    (granted ? results.granted() : results.denied()).increment();
  }

  private Results met(String caller) {
    boolean showable = NAME.matcher(caller).matches() && !NUMBER.matcher(caller).matches();
    if (!showable || room.get() <= 0 || room.getAndDecrement() <= 0) {
      return other;
    }
    know(List.of(caller));
    return byCaller.get(caller);
  }
}
