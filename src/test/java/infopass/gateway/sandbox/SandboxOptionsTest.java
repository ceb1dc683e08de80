package infopass.gateway.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SandboxOptionsTest {

  private final SandboxOptions defaults = SandboxOptions.defaults();

  @Test
  void theDefaultsRefuseNothing() {
    assertEquals("127.0.0.1", defaults.host());
    assertEquals(0, defaults.port());
    assertEquals(Duration.ZERO, defaults.latency());
    assertNull(defaults.quota());
    assertEquals(0, defaults.failRate());
    assertEquals(600, defaults.expirySeconds());
  }

  @Test
  void eachOptionCanBeChangedAlone() {
    SandboxOptions.Quota quota = SandboxOptions.Quota.parse("20/60s");
    SandboxOptions changed =
        defaults
            .withHost("::1")
            .withPort(8089)
            .withLatency(Duration.ofMillis(20))
            .withQuota(quota)
            .withFailRate(0.05)
            .withJournalBodies(true)
            .withExpirySeconds(1800)
            .withJournalCapacity(10)
            .withInstances(3);

    assertEquals(
        new SandboxOptions("::1", 8089, Duration.ofMillis(20), quota, 0.05, true, 1800, 10, 3),
        changed);
  }

  @Test
  void valuesThatMakeNoSenseAreRefused() {
    List<Executable> changes =
        List.of(
            () -> defaults.withHost(" "),
            () -> defaults.withPort(-1),
            () -> defaults.withPort(65_536),
            () -> defaults.withLatency(Duration.ofMillis(-1)),
            () -> defaults.withLatency(Duration.ofHours(2)),
            () -> defaults.withFailRate(1.1),
            () -> defaults.withFailRate(Double.NaN),
            () -> defaults.withExpirySeconds(0),
            () -> defaults.withJournalCapacity(0),
            () -> defaults.withInstances(0));

    changes.forEach(change -> assertThrows(IllegalArgumentException.class, change));
  }
}
