package infopass.gateway.config;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects every fault of a configuration, so that all are reported at once. Not thread-safe. */
public final class Faults {
  private final Set<Placed> all = new LinkedHashSet<>();
  private final Map<String, Place> placesByPath = new HashMap<>();
  private final Set<String> unreadable = new HashSet<>();
  private final Set<String> secrets = new HashSet<>();

  /** Adds a fault; its file and line are found by the key where a document holds it. */
  public void add(String key, String rule) {
    add(Fault.at(key, rule));
  }

  /** Adds a fault that shows the value, unless it is a {@link Secret} or was read as one. */
  public void add(String key, String rule, Object was) {
    add(new Fault("", key, rule, Shown.value(was)));
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** In the order of their lines; those without a line come last, in the order they were added. */
  public List<String> lines() {
    Comparator<Placed> byLine = Comparator.comparingInt(placed -> placed.place().order());
    return all.stream().sorted(byLine).map(this::line).toList();
  }

  /** Throws all that was collected, if anything was. */
  public void throwIfAny() throws ConfigException {
    if (!isEmpty()) {
      throw ConfigException.placed(lines());
    }
  }

  @Override
  public String toString() {
    return String.join("\n", lines());
  }

  void add(Fault fault) {
    add(placesByPath.getOrDefault(fault.path(), Place.UNKNOWN), fault);
  }

  void add(Place place, Fault fault) {
    all.add(new Placed(place, fault));
  }

  /** A rule broken by the default that stood in for an unreadable value is no news. */
  void addOfRecord(Fault fault) {
    if (!unreadable.contains(fault.path())) {
      add(fault);
    }
  }

  void locate(String path, Place place) {
    placesByPath.putIfAbsent(path, place);
  }

  void unreadable(String path) {
    unreadable.add(path);
  }

  void conceal(String path) {
    secrets.add(Fault.withoutIndices(path));
  }

  /** Secrets are known at the end only: a rule may have been broken before the key was read. */
  private String line(Placed placed) {
    Fault fault = placed.fault();
    boolean secret = secrets.contains(Fault.withoutIndices(fault.path()));
    return placed.place().prefix() + (secret ? fault.withoutValue() : fault);
  }

  private record Placed(Place place, Fault fault) {}
}
