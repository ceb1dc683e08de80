package infopass.gateway.metrics;

import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** Times how long calls waited for a place, in nanoseconds. Thread-safe. */
public final class WaitTimer implements LongConsumer {
  private final Timer timer;

  public WaitTimer(Metrics metrics) {
    timer =
        metrics.timer(
            "infopass_pool_wait_seconds",
            "Time that a call waited for a place in the pool, in vain or not");
  }

  @Override
  public void accept(long nanos) {
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }
}
