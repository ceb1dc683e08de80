package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** For what announces itself in no other way. For the thread of a test. */
final class Until {
  private static final int PATIENCE_SECONDS = 5;

  private Until() {}

  /** Looks again and again, for five seconds at most. */
  static void holds(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it never held");
      Thread.onSpinWait();
    }
  }
}
