package infopass.gateway.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.SandboxOptions.Quota;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaTest {

  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - SECOND);

  @ParameterizedTest
  @CsvSource({
    "20/60s, 20, PT60S",
    "5/500ms, 5, PT0.5S",
    "100/1m, 100, PT1M",
    "1000000/24h, 1000000, PT24H"
  })
  void aQuotaIsReadFromRequestsAndWindow(String text, int requests, Duration per) {
    assertEquals(new Quota(requests, per), Quota.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20", "20/60", "20/s", "-1/60s", "20/60 s", "20/60d", "20/60s,"})
  void anythingElseIsRefusedWithAnExample(String text) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Quota.parse(text));

    assertEquals("quota must be like 20/60s, was \"" + text + "\"", refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0/60s", "1000001/60s", "1/0s", "1/25h"})
  void aQuotaThatMakesNoSenseIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Quota.parse(text));
  }

  @Test
  void requestsBeyondTheQuotaAreToldWhenTheOldestLeavesTheWindow() {
    // Given
    QuotaWindow window = new QuotaWindow(Quota.parse("2/60s"), nanos::get);
    assertEquals(0, window.secondsToWait());
    nanos.addAndGet(10 * SECOND);
    assertEquals(0, window.secondsToWait());

    // When
    nanos.addAndGet(SECOND / 2);

    // Then
    assertEquals(50, window.secondsToWait());
    nanos.addAndGet(49 * SECOND);
    assertEquals(1, window.secondsToWait());
    nanos.addAndGet(SECOND / 2);
    assertEquals(0, window.secondsToWait());
    assertEquals(10, window.secondsToWait());
  }

  @Test
  void theWindowDecidesLikeANaiveOne() {
    SplittableRandom random = new SplittableRandom(7);
    QuotaWindow window = new QuotaWindow(Quota.parse("5/100ms"), nanos::get);
    Deque<Long> naive = new ArrayDeque<>();
    long widthNanos = SECOND / 10;

    for (int i = 0; i < 10_000; i++) {
      long now = nanos.addAndGet(random.nextLong(2 * widthNanos / 5));
      naive.removeIf(at -> now - at >= widthNanos);
      boolean room = naive.size() < 5;
      if (room) {
        naive.addLast(now);
      }
      assertEquals(room, window.secondsToWait() == 0, "request " + i);
      assertTrue(naive.size() <= 5);
    }
  }
}
