package infopass.gateway.metrics;

import infopass.gateway.intake.InitListener;
import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Counts requests by caller. Those that are configured have a label of their own, and of those who
 * bring the partner's credentials the first {@value #MOST_OTHERS} to whom the partner gave a link,
 * where their name is short and not of a form that a person's address, telephone or papers have:
 * what callers say of themselves is without bound, and anybody's until it has been accepted.
 * Thread-safe.
 */
public final class CallerCounters implements InitListener {
  private static final String OTHER = "other";
  private static final int MOST_OTHERS = 100;

  /** No e-mail address. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  /** Seven digits, as in a telephone or an Aadhaar number, or a permanent account number. */
  private static final Pattern PERSONS =
      Pattern.compile("^(?:[^0-9]*+[0-9]){7}|[A-Za-z]{5}[0-9]{4}[A-Za-z]");

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
  public void ended(String caller, boolean ownAccount, boolean granted) {
    Results results = byCaller.get(caller);
    if (results == null) {
      results = granted && !ownAccount ? met(caller) : other;
    }
    (granted ? results.granted() : results.denied()).increment();
  }

  private Results met(String caller) {
    if (room.get() <= 0 || !NAME.matcher(caller).matches() || PERSONS.matcher(caller).find()) {
      return other;
    }
    Results known =
        byCaller.computeIfAbsent(
            caller, id -> room.getAndDecrement() > 0 ? results(metrics, id) : null);
    return known == null ? other : known;
  }
}
