package infopass.gateway;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A clock that some classes cannot read while a bug of the test's making is on. */
final class BrokenClock extends Clock {
  private final Clock clock;
  private final Set<String> readers;
  private final BooleanSupplier broken;

  /**
   * @param readers simple names of those who cannot
   */
  BrokenClock(Clock clock, Set<String> readers, BooleanSupplier broken) {
    this.clock = clock;
    this.readers = readers;
    this.broken = broken;
  }

  @Override
  public Instant instant() {
    if (broken.getAsBoolean() && StackWalker.getInstance().walk(this::read)) {
      throw new IllegalStateException("a bug of the test's making");
    }
    return clock.instant();
  }

  private boolean read(Stream<StackWalker.StackFrame> frames) {
    return frames
        .map(frame -> frame.getClassName().replaceFirst(".*\\.", ""))
        .anyMatch(readers::contains);
  }

  @Override
  public ZoneId getZone() {
    return clock.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
