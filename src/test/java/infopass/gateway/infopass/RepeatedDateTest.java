package infopass.gateway.infopass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RepeatedDateTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final RepeatedDate dates = new RepeatedDate();

  @Test
  void readsADateOnceAndTheNextOneAnew() {
    Instant first = dates.read("Thu, 01 Jan 2026 00:00:00 GMT", NOW);
    assertEquals(NOW, first);
    assertSame(first, dates.read(new String("Thu, 01 Jan 2026 00:00:00 GMT"), NOW));
    assertEquals(NOW.plusSeconds(1), dates.read("Thu, 01 Jan 2026 00:00:01 GMT", NOW));
    assertEquals(NOW, dates.read("Thu, 01 Jan 2026 00:00:00 GMT", NOW));
  }

  @Test
  void knowsNoDateWhereThereIsNone() {
    assertNull(dates.read(null, NOW));
    assertNull(dates.read("yesterday", NOW));
    assertEquals(NOW, dates.read("Thu, 01 Jan 2026 00:00:00 GMT", NOW));
    assertNull(dates.read(null, NOW));
  }
}
