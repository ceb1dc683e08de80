package infopass.gateway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a configuration record checks of itself in its constructor; all broken rules are told
 * together. Not thread-safe, and meant to be used in one expression:
 *
 * <pre>{@code
 * Rules.of("infopass.pool").atLeast("size", size, 1).positive("wait", patience).enforce();
 * }</pre>
 *
 * A record that is read from a list, or in several places, names its section without indices or
 * only by its end; {@link ConfigNode#build} puts in the path where it was found.
 */
public final class Rules {
  private final String section;
  private final List<Fault> broken = new ArrayList<>();

  private Rules(String section) {
    this.section = section;
  }

  public static Rules of(String section) {
    return new Rules(section);
  }

  /** The value is shown, unless it is null or a {@link Secret}. */
  public Rules check(boolean holds, String key, String rule, Object was) {
    if (!holds) {
      broken.add(new Fault(section, key, rule, Shown.value(was)));
    }
    return this;
  }

  /** For rules about several keys, or where the value must not be shown. */
  public Rules check(boolean holds, String key, String rule) {
    return check(holds, key, rule, null);
  }

  public Rules present(String key, Object value) {
    return check(value != null, key, "must be set");
  }

  public Rules notBlank(String key, String value) {
    return check(value != null && !value.isBlank(), key, "must not be empty");
  }

  public Rules notEmpty(String key, Secret value) {
    return check(value != null && !value.isEmpty(), key, "must not be empty");
  }

  public Rules notEmpty(String key, Collection<?> values) {
    return check(values != null && !values.isEmpty(), key, "must not be empty");
  }

  /** Both ends are allowed. */
  public Rules between(String key, long value, long min, long max) {
    boolean holds = value >= min && value <= max;
    return check(holds, key, "must be between " + min + " and " + max, value);
  }

  /** Both ends are allowed. */
  public Rules between(String key, double value, double min, double max) {
    boolean holds = value >= min && value <= max;
    String rule = "must be between " + Shown.number(min) + " and " + Shown.number(max);
    return check(holds, key, rule, value);
  }

  public Rules atLeast(String key, long value, long min) {
    return check(value >= min, key, "must be at least " + min, value);
  }

  public Rules atLeast(String key, double value, double min) {
    return check(value >= min, key, "must be at least " + Shown.number(min), value);
  }

  public Rules atMost(String key, Duration value, Duration max) {
    boolean holds = value == null || value.compareTo(max) <= 0;
    return present(key, value).check(holds, key, "must be at most " + Shown.duration(max), value);
  }

  public Rules atLeast(String key, Duration value, Duration min) {
    boolean holds = value == null || value.compareTo(min) >= 0;
    return present(key, value).check(holds, key, "must be at least " + Shown.duration(min), value);
  }

  public Rules positive(String key, Duration value) {
    boolean holds = value == null || value.compareTo(Duration.ZERO) > 0;
    return present(key, value).check(holds, key, "must be longer than 0", value);
  }

  public Rules notNegative(String key, Duration value) {
    boolean holds = value == null || !value.isNegative();
    return present(key, value).check(holds, key, "must not be negative", value);
  }

  /** Throws every broken rule of this record, or does nothing. */
  public void enforce() throws ConfigException {
    if (!broken.isEmpty()) {
      throw ConfigException.unplaced(broken);
    }
  }
}
