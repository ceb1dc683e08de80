package infopass.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads a value as what is wanted of it, or leaves one fault that says why it cannot be. */
final class ValueReader {
  private final Faults faults;

  ValueReader(Faults faults) {
    this.faults = faults;
  }

  /** Null if it cannot be read. */
  <T> T one(ConfigValue value, String at, Function<String, T> parser) {
    if (!(value instanceof ConfigValue.Scalar scalar)) {
      wrongKind(at, "a single value", value);
    } else if (scalar.unset()) {
      faults.unreadable(at);
      faults.add(at, "must not be empty");
    } else if (scalar.readable()) {
      return parsed(scalar.text(), at, parser);
    }
    return null;
  }

  /** A single value is a list of one; null if any cannot be read. */
  <T> List<T> many(ConfigValue value, String at, Function<String, T> parser) {
    List<T> read = new ArrayList<>();
    if (value instanceof ConfigValue.Items items) {
      items.values().forEach(item -> read.add(one(item, at + "[" + read.size() + "]", parser)));
    } else {
      read.add(one(value, at, parser));
    }
    if (read.contains(null)) {
      faults.unreadable(at);
      return null;
    }
    return List.copyOf(read);
  }

  /** Empty if it is none. */
  ConfigValue.Section section(ConfigValue value, String at) {
    if (value instanceof ConfigValue.Section section) {
      return section;
    }
    wrongKind(at, "a section", value);
    return ConfigValue.Section.EMPTY;
  }

  /** Empty if it is none. */
  List<ConfigValue> items(ConfigValue value, String at) {
    if (value instanceof ConfigValue.Items items) {
      return items.values();
    }
    wrongKind(at, "a list of sections", value);
    return List.of();
  }

  private <T> T parsed(String text, String at, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException invalid) {
      faults.unreadable(at);
      faults.add(at, invalid.getMessage(), text);
      return null;
    }
  }

  /** Without the value, which may be a secret in the wrong place. */
  private void wrongKind(String at, String wanted, ConfigValue value) {
    boolean told = value instanceof ConfigValue.Scalar scalar && !scalar.readable();
    if (!told) {
      faults.unreadable(at);
      faults.add(at, "must be " + wanted + ", was " + value.kind());
    }
  }
}
