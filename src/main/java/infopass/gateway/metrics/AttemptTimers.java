package infopass.gateway.metrics;

import infopass.gateway.digilocker.Outcome;
import infopass.gateway.infopass.AttemptListener;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Times attempts at the partner by how they ended and which attempt they were. Thread-safe. */
public final class AttemptTimers implements AttemptListener {
  private static final String[] ATTEMPTS = {"1", "2", "3+"};

  private final Timer[] granted;
  private final Map<Outcome, Timer[]> failed = new EnumMap<>(Outcome.class);

  public AttemptTimers(Metrics metrics) {
    granted = timers(metrics, "granted");
    for (Outcome outcome : Outcome.values()) {
      failed.put(outcome, timers(metrics, outcome.word().replace('-', '_')));
    }
  }

  private static Timer[] timers(Metrics metrics, String outcome) {
    Timer[] timers = new Timer[ATTEMPTS.length];
    for (int i = 0; i < timers.length; i++) {
      timers[i] =
          metrics.timer(
              "infopass_call_duration_seconds",
              "Time of one attempt at Infopass",
              "outcome",
              outcome,
              "attempt",
              ATTEMPTS[i]);
    }
    return timers;
  }

  @Override
  public void granted(int attempt, long elapsedNanos) {
    record(granted, attempt, elapsedNanos);
  }

  @Override
  public void failed(int attempt, Outcome outcome, long elapsedNanos) {
    record(failed.get(outcome), attempt, elapsedNanos);
  }

  private static void record(Timer[] timers, int attempt, long elapsedNanos) {
    timers[Math.min(attempt, timers.length) - 1].record(elapsedNanos, TimeUnit.NANOSECONDS);
  }
}
