package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import infopass.gateway.digilocker.TokenExpiry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void goesOnWhereTheWallClockIsSet() {
    for (Duration step : new Duration[] {Duration.ofHours(-1), Duration.ofHours(1)}) {
      // Given
      FakeClock wall = new FakeClock(START);
      AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
      SteadyClock clock = new SteadyClock(wall, nanos::get);
      TokenExpiry expiry = TokenExpiry.from(clock.instant(), Duration.ofMinutes(10));

      // When
      wall.advance(step);
      nanos.addAndGet(Duration.ofMinutes(1).toNanos());

      // Then
      assertEquals(START.plusSeconds(60), clock.instant());
      assertEquals(540, expiry.remainingSeconds(clock.instant()));
    }
  }

  @Test
  void aLinkNeverLastsLongerThanItsLifetime() {
    TokenExpiry expiry = TokenExpiry.from(START, Duration.ofMinutes(10));

    assertEquals(600, expiry.remainingSeconds(START.minus(Duration.ofHours(1))));
    assertEquals(600, expiry.remainingSeconds(START));
  }
}
