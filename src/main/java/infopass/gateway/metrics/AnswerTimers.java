package infopass.gateway.metrics;

import infopass.gateway.digilocker.Problem;
import infopass.gateway.http.AnswerListener;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Times answers by what they were: the template of the route, never the path; the method, the
 * status, the kind of failure. A timer is made when it is first needed and then found without
 * allocation. Thread-safe.
 */
public final class AnswerTimers implements AnswerListener {
  private static final String NAME = "http_server_request_duration_seconds";
  private static final String HELP = "Time from the arrival of a request's head to its answer";
  private static final String NO_ROUTE = "none";

  /** As OpenTelemetry calls what is none of those that it knows. */
  private static final String OTHER_METHOD = "_OTHER";

  private static final List<HttpMethod> METHODS =
      List.of(
          HttpMethod.GET,
          HttpMethod.POST,
          HttpMethod.HEAD,
          HttpMethod.OPTIONS,
          HttpMethod.PUT,
          HttpMethod.DELETE,
          HttpMethod.PATCH);

  private static final int STATUSES = 600;
  private static final int PROBLEMS = Problem.values().length + 1;

  private final Metrics metrics;
  private final ConcurrentMap<String, Route> routes = new ConcurrentHashMap<>();

  public AnswerTimers(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void answered(
      String route, HttpMethod method, int status, Optional<Problem> problem, long elapsedNanos) {
    Route known = routes.get(route);
    if (known == null) {
      known = routes.computeIfAbsent(route, Route::new);
    }
    known.timer(methodIndex(method), status, problem).record(elapsedNanos, TimeUnit.NANOSECONDS);
  }

  private static int methodIndex(HttpMethod method) {
    for (int i = 0; i < METHODS.size(); i++) {
      if (METHODS.get(i).equals(method)) {
        return i;
      }
    }
    return METHODS.size();
  }

  /** The timers of one route: by status, and then by method and problem. */
  private final class Route {
    private final String label;
    private final AtomicReferenceArray<AtomicReferenceArray<Timer>> byStatus =
        new AtomicReferenceArray<>(STATUSES);

    private Route(String template) {
      this.label = template.isEmpty() ? NO_ROUTE : template;
    }

    private Timer timer(int method, int status, Optional<Problem> problem) {
      AtomicReferenceArray<Timer> timers = byStatus.get(status);
      if (timers == null) {
        byStatus.compareAndSet(
            status, null, new AtomicReferenceArray<>((METHODS.size() + 1) * PROBLEMS));
        timers = byStatus.get(status);
      }
      int kind = problem.isPresent() ? problem.get().ordinal() + 1 : 0;
      int at = method * PROBLEMS + kind;
      Timer timer = timers.get(at);
      if (timer == null) {
        timer = register(method, status, problem);
        timers.set(at, timer); // Two at once register, and find, the same.
      }
      return timer;
    }

    private Timer register(int method, int status, Optional<Problem> problem) {
      return metrics.timer(
          NAME,
          HELP,
          "http_route",
          label,
          "http_request_method",
          method < METHODS.size() ? METHODS.get(method).name() : OTHER_METHOD,
          "http_response_status_code",
          Integer.toString(status),
          "error_type",
          problem.map(Problem::slug).orElse(""));
    }
  }
}
