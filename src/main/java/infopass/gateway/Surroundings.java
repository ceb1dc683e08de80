package infopass.gateway;

import infopass.gateway.infopass.HostResolver;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Time, chance and names, which tests replace.
 *
 * @param clock the wall clock
 * @param nanoTime the monotonic clock
 * @param random makes a source of randomness for one event loop; not for secrets
 * @param resolver looks the addresses of names up
 */
public record Surroundings(
    Clock clock, LongSupplier nanoTime, Supplier<RandomGenerator> random, HostResolver resolver) {

  public Surroundings(Clock clock, LongSupplier nanoTime, Supplier<RandomGenerator> random) {
    this(clock, nanoTime, random, HostResolver.SYSTEM);
  }

  /** The machine's own, with a wall clock that is not set while the process runs. */
  public static Surroundings system() {
    SecureRandom seeds = new SecureRandom();
    return new Surroundings(
        new SteadyClock(Clock.systemUTC(), System::nanoTime),
        System::nanoTime,
        () -> new SplittableRandom(seeds.nextLong()));
  }
}
