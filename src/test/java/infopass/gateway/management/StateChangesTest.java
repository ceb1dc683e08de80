package infopass.gateway.management;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateChangesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final StateChanges changes = new StateChanges(Clock.fixed(NOW, ZoneOffset.UTC));

  private List<String> states() {
    return changes.newestFirst().stream()
        .map(change -> ((JsonObject) change).getString("state"))
        .toList();
  }

  @Test
  void theNewestComesFirstAndTheOldestAreForgotten() {
    // When
    for (int i = 0; i < StateChanges.MOST + 5; i++) {
      changes.changed("circuit", "" + i);
    }

    // Then
    assertEquals(StateChanges.MOST, states().size());
    assertEquals("24", states().get(0));
    assertEquals("5", states().get(StateChanges.MOST - 1));
    assertEquals(
        new JsonObject().put("at", NOW.toString()).put("what", "circuit").put("state", "24"),
        changes.newestFirst().getJsonObject(0));
  }

  @Test
  void whatIsObservedIsNotedOnlyWhenItIsAnother() {
    // When
    changes.observed("account", "ACCEPTED");
    changes.observed("account", "ACCEPTED");
    changes.observed("account", "HELD");
    changes.observed("account", "HELD");
    changes.observed("quota", "FREE");

    // Then
    assertEquals(List.of("HELD"), states());
  }
}
