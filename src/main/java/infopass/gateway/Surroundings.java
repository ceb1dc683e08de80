package infopass.gateway;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Time and chance, which tests replace.
 *
 * @param clock the wall clock
 * @param nanoTime the monotonic clock
 * @param random makes a source of randomness for one event loop; not for secrets
 */
public record Surroundings(Clock clock, LongSupplier nanoTime, Supplier<RandomGenerator> random) {

  /** The machine's own, with a wall clock that is not set while the process runs. */
  public static Surroundings system() {
    SecureRandom seeds = new SecureRandom();
    return new Surroundings(
        new SteadyClock(Clock.systemUTC(), System::nanoTime),
        System::nanoTime,
        () -> new SplittableRandom(seeds.nextLong()));
  }
}
