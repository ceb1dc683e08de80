package infopass.gateway.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A tree of configuration records as rows for people, in their order. Stateless. */
public final class EffectiveConfig {
  private static final String HIDDEN = "(hidden)";
  private static final String NOT_SET = "(not set)";

  private EffectiveConfig() {}

  /**
   * One setting.
   *
   * @param key its key as in the file
   * @param value its value as an operator would write it
   */
  public record Row(String key, String value) {}

  /**
   * Of a {@link Secret} and of what is named in {@code hidden} only whether it is set is told; of a
   * list of records only how many there are.
   *
   * @param hidden keys whose values are not for everybody, beside the secrets
   * @param keys the file's key for a path of record components, where that is another one
   */
  public static List<Row> of(Record root, Set<String> hidden, Map<String, String> keys) {
    List<Row> rows = new ArrayList<>();
    UnaryOperator<String> key = path -> keys.getOrDefault(path, path);
    collect("", root, hidden, key, rows);
    return List.copyOf(rows);
  }

  private static void collect(
      String path, Record from, Set<String> hidden, UnaryOperator<String> keys, List<Row> rows) {
    for (RecordComponent component : from.getClass().getRecordComponents()) {
      String at = path.isEmpty() ? component.getName() : path + '.' + component.getName();
      Object value = read(component, from);
      Object content = value instanceof Optional<?> optional ? optional.orElse(null) : value;
      if (content instanceof Record section) {
        collect(at, section, hidden, keys, rows);
      } else {
        String key = keys.apply(at);
        rows.add(new Row(key, hidden.contains(key) ? veiled(content) : shown(content)));
      }
    }
  }

  private static Object read(RecordComponent component, Record from) {
    try {
      return component.getAccessor().invoke(from);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + component.getName(), e);
    }
  }

  private static String shown(Object value) {
    if (value == null || value instanceof Secret) {
      return veiled(value);
    }
    if (value instanceof Duration duration) {
      return Shown.duration(duration);
    }
    if (value instanceof Double number) {
      return Shown.number(number);
    }
    if (value instanceof Enum<?> choice) {
      return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    if (value instanceof Collection<?> items) {
      return list(items);
    }
    String text = Shown.printable(value.toString());
    return text.isEmpty() ? NOT_SET : text;
  }

  private static String list(Collection<?> items) {
    if (items.stream().anyMatch(item -> item instanceof Secret || item instanceof Record)) {
      return items.size() + " " + HIDDEN;
    }
    return items.stream().map(EffectiveConfig::shown).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String veiled(Object value) {
    boolean empty =
        value == null
            || value instanceof Secret secret && secret.isEmpty()
            || value.toString().isEmpty();
    return empty ? NOT_SET : HIDDEN;
  }
}
