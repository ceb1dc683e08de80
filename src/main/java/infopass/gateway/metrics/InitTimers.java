package infopass.gateway.metrics;

import infopass.gateway.digilocker.Problem;
import infopass.gateway.http.AnswerListener;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Times the inits that came by one transport, by how they ended. Thread-safe. */
public final class InitTimers implements AnswerListener {
  private static final String NAME = "gateway_init_duration_seconds";
  private static final String HELP = "Time from the arrival of an init to its answer";

  private final AtomicReferenceArray<Timer> timers =
      new AtomicReferenceArray<>(Problem.values().length + 1);
  private final Metrics metrics;
  private final String route;
  private final String transport;

  /**
   * @param route the one whose answers are those to inits
   * @param transport the label's value
   */
  public InitTimers(Metrics metrics, String route, String transport) {
    this.metrics = metrics;
    this.route = route;
    this.transport = transport;
  }

  @Override
  public void answered(
      String answered, HttpMethod method, int status, Optional<Problem> problem, long nanos) {
    if (!route.equals(answered)) {
      return;
    }
    int at = problem.isPresent() ? problem.get().ordinal() + 1 : 0;
    Timer timer = timers.get(at);
    if (timer == null) {
      String error = problem.map(Problem::slug).orElse("");
      timer = metrics.timer(NAME, HELP, "transport", transport, "error_type", error);
      timers.set(at, timer); // Two at once register, and find, the same.
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }
}
