package infopass.gateway.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RulesTest {
  private record Quota(int requests) {
    Quota {
      Rules.of("quota").atLeast("requests", requests, 0).enforce();
    }
  }

  @Test
  void passesWhatHolds() {
    Rules rules =
        Rules.of("a")
            .check(true, "b", "never told", 1)
            .between("b", 1, 1, 2)
            .between("b", 0.5, 0, 1)
            .atLeast("b", 1, 1)
            .atLeast("b", 0.1, 0.1)
            .atMost("b", Duration.ofSeconds(1), Duration.ofSeconds(1))
            .positive("b", Duration.ofNanos(1))
            .notNegative("b", Duration.ZERO)
            .present("b", "")
            .notBlank("b", "x")
            .notEmpty("b", Secret.of("x"))
            .notEmpty("b", List.of(1));

    assertDoesNotThrow(rules::enforce);
  }

  @Test
  void tellsEveryBrokenRuleTogether() {
    Rules rules =
        Rules.of("a.b")
            .check(false, "text", "must be short", "long")
            .between("port", 65536, 0, 65535)
            .between("rate", Double.NaN, 0, 1)
            .atLeast("size", 0, 1)
            .atLeast("ratio", 0.05, 0.1)
            .atMost("wait", Duration.ofMinutes(90), Duration.ofHours(1))
            .positive("open", Duration.ofMillis(-1500))
            .notNegative("drain", null)
            .notBlank("id", " ")
            .notEmpty("password", Secret.of(""))
            .notEmpty("hosts", List.of());

    ConfigException thrown = assertThrows(ConfigException.class, rules::enforce);

    assertEquals(
        List.of(
            "a.b.text: must be short, was \"long\"",
            "a.b.port: must be between 0 and 65535, was 65536",
            "a.b.rate: must be between 0 and 1, was NaN",
            "a.b.size: must be at least 1, was 0",
            "a.b.ratio: must be at least 0.1, was 0.05",
            "a.b.wait: must be at most 1h, was 90m",
            "a.b.open: must be longer than 0, was -1500ms",
            "a.b.drain: must be set",
            "a.b.id: must not be empty",
            "a.b.password: must not be empty",
            "a.b.hosts: must not be empty"),
        thrown.faults());
    assertEquals(String.join("\n", thrown.faults()), thrown.getMessage());
  }

  @Test
  void tellsThePathWhereARecordOfManyPlacesWasRead() {
    // Given
    String yaml = "quota: {requests: -1}\ncallers:\n- quota:\n    requests: -2\n";
    Faults faults = new Faults();
    ConfigNode root = ConfigNode.root(ConfigSource.text("c.yaml", yaml), Map.of(), faults);

    // When
    for (ConfigNode owner : List.of(root, root.sections("callers").get(0))) {
      ConfigNode quota = owner.section("quota");
      quota.build(() -> new Quota(quota.integer("requests", 0)), null);
    }

    // Then
    assertEquals(
        List.of(
            "c.yaml:1: quota.requests: must be at least 0, was -1",
            "c.yaml:4: callers[0].quota.requests: must be at least 0, was -2"),
        faults.lines());
  }
}
