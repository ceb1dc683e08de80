package infopass.gateway.config;

import java.util.List;
import java.util.Map;

/** What a document holds under a key, after substitution. Immutable; prints only its kind. */
sealed interface ConfigValue {
  String kind();

  /**
   * @param unset nothing was written, or a plain variable was empty: the default holds
   * @param readable false once a fault has been told of it
   */
  record Scalar(String text, boolean unset, boolean readable) implements ConfigValue {
    @Override
    public String kind() {
      return "a single value";
    }

    /** Not the text, which may be a secret. */
    @Override
    public String toString() {
      return kind();
    }
  }

  record Items(List<ConfigValue> values) implements ConfigValue {
    @Override
    public String kind() {
      return "a list";
    }
  }

  record Section(Map<String, ConfigValue> byKey) implements ConfigValue {
    static final Section EMPTY = new Section(Map.of());

    @Override
    public String kind() {
      return "a section";
    }
  }
}
