package infopass.gateway.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Lets time pass on the thread that runs a load test, which measures time and nothing else. */
final class Pause {
  private Pause() {}

  static void of(Duration length) {
    new CompletableFuture<Void>()
        .completeOnTimeout(null, length.toNanos(), TimeUnit.NANOSECONDS)
        .join();
  }
}
