package infopass.gateway.management;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The last changes of state of this process, each with its time. Thread-safe. */
public final class StateChanges {
  /** How many are remembered. */
  static final int MOST = 20;

  private final Clock clock;
  private final Deque<JsonObject> changes = new ArrayDeque<>();
  private final Map<String, String> seen = new HashMap<>();

  public StateChanges(Clock clock) {
    this.clock = clock;
  }

  /**
   * Notes a change.
   *
   * @param what the name of what has changed; few, since each is remembered
   * @param state its state from now on
   */
  public synchronized void changed(String what, String state) {
    seen.put(what, state);
    if (changes.size() == MOST) {
      changes.removeLast();
    }
    changes.addFirst(
        new JsonObject()
            .put("at", clock.instant().toString())
            .put("what", what)
            .put("state", state));
  }

  /** Notes a change where the state is another than the last time; the first time notes nothing. */
  public synchronized void observed(String what, String state) {
    if (!seen.containsKey(what)) {
      seen.put(what, state);
    } else if (!Objects.equals(seen.get(what), state)) {
      changed(what, state);
    }
  }

  /** The last changes, the newest first. */
  public synchronized JsonArray newestFirst() {
    JsonArray copy = new JsonArray();
    changes.forEach(change -> copy.add(change.copy()));
    return copy;
  }
}
