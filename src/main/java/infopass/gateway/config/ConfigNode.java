package infopass.gateway.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A section of the configuration, read key by key. A key that is missing or empty gives the
 * default; one that cannot be read does too, and leaves a fault. Not thread-safe: for start-up.
 */
public final class ConfigNode {
  /** What examples have in place of a secret. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile("(?i)change[-_ ]?me|replace[-_ ]?me|placeholder|your[-_ ](secret|key)");

  private final String path;
  private final ConfigValue.Section values;
  private final Faults faults;
  private final ValueReader reader;
  private final Set<String> known = new TreeSet<>();
  private final Map<String, ConfigNode> sectionByKey = new HashMap<>();
  private final Map<String, List<ConfigNode>> sectionsByKey = new HashMap<>();

  private ConfigNode(String path, ConfigValue.Section values, Faults faults) {
    this.path = path;
    this.values = values;
    this.faults = faults;
    this.reader = new ValueReader(faults);
  }

  /** Parses and puts in the environment; never throws for content, whose faults are collected. */
  public static ConfigNode root(
      ConfigSource source, Map<String, String> environment, Faults faults) {
    return new ConfigNode("", new ConfigTree(source, environment, faults).read(), faults);
  }

  /** Nothing is set: all defaults. */
  public static ConfigNode empty(Faults faults) {
    return new ConfigNode("", ConfigValue.Section.EMPTY, faults);
  }

  /** The dotted path as the operator would write it: {@code infopass.pool}, empty for the root. */
  public String path() {
    return path;
  }

  /** Whether a value is set; the key counts as known from then on. */
  public boolean has(String key) {
    return value(key) != null;
  }

  /** Always the same node for the same key; an empty one if there is no such section. */
  public ConfigNode section(String key) {
    ConfigValue value = value(key);
    return sectionByKey.computeIfAbsent(key, name -> sectionOf(value, join(path, name)));
  }

  /** A list of sections, with paths such as {@code auth.callers[0]}; empty if it is not set. */
  public List<ConfigNode> sections(String key) {
    ConfigValue value = value(key);
    return sectionsByKey.computeIfAbsent(key, name -> sectionsOf(value, join(path, name)));
  }

  public String text(String key, String defaultValue) {
    return read(key, defaultValue, Function.identity());
  }

  /** As a text, and no fault about the key shows its value from then on. */
  public Secret secret(String key, Secret defaultValue) {
    faults.conceal(join(path, key));
    return read(key, defaultValue, ConfigNode::secretOf);
  }

  /** Decimal digits with an optional sign. */
  public int integer(String key, int defaultValue) {
    return typed(key, defaultValue, Scalars::integer);
  }

  /** In bytes: {@code 512B}, {@code 16KiB}, {@code 1MiB}, {@code 1GiB} or a bare number. */
  public long size(String key, long defaultBytes) {
    return typed(key, defaultBytes, Scalars::size);
  }

  public double decimal(String key, double defaultValue) {
    return typed(key, defaultValue, Scalars::decimal);
  }

  /** {@code true} or {@code false}, and no other word. */
  public boolean flag(String key, boolean defaultValue) {
    return typed(key, defaultValue, Scalars::flag);
  }

  /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}, or a bare 0. */
  public Duration duration(String key, Duration defaultValue) {
    return typed(key, defaultValue, Scalars::duration);
  }

  /** Absolute. */
  public URI uri(String key, URI defaultValue) {
    return typed(key, defaultValue, Scalars::uri);
  }

  /** In any case, and with {@code -} for {@code _}. */
  public <E extends Enum<E>> E choice(String key, Class<E> type, E defaultValue) {
    return typed(key, defaultValue, text -> Scalars.choice(text, type));
  }

  /** A list of choices, or one alone; in the order of the document. */
  public <E extends Enum<E>> Set<E> choices(String key, Class<E> type, Set<E> defaultValue) {
    List<E> read = list(key, null, text -> Scalars.choice(text.strip(), type));
    return read == null ? defaultValue : Collections.unmodifiableSet(new LinkedHashSet<>(read));
  }

  /** A list of single values, or one alone. */
  public List<String> texts(String key, List<String> defaultValue) {
    return list(key, defaultValue, Function.identity());
  }

  /** As texts, and no fault about the key shows its values from then on. */
  public List<Secret> secrets(String key, List<Secret> defaultValue) {
    faults.conceal(join(path, key));
    return list(key, defaultValue, ConfigNode::secretOf);
  }

  private static Secret secretOf(String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("must not hold control characters");
    }
    if (PLACEHOLDER.matcher(text).find()) {
      throw new IllegalArgumentException("must not be the placeholder of an example");
    }
    return Secret.of(text);
  }

  /**
   * Runs the constructor of a record that checks itself with {@link Rules}. Its faults get their
   * places and are collected, and the fallback, which may be null, lets the reading go on.
   */
  public <T> T build(Supplier<T> constructor, T fallback) {
    try {
      return constructor.get();
    } catch (ConfigException invalid) {
      invalid.broken().forEach(fault -> faults.addOfRecord(fault.movedTo(path)));
    } catch (RuntimeException consequence) {
      // The null that stood in for a faulty part may break the whole: the part has been told.
      if (faults.isEmpty()) {
        throw consequence;
      }
    }
    return fallback;
  }

  /** Tells each key that nobody asked for; call it when all were. Sections do so themselves. */
  public void finish() {
    for (String key : values.byKey().keySet()) {
      if (!known.contains(key)) {
        String meant =
            Suggestion.of(key, known).map(name -> ", did you mean \"" + name + "\"?").orElse("");
        faults.add(join(path, key), "unknown key" + meant);
      }
    }
  }

  /** Without values, which may be secrets. */
  @Override
  public String toString() {
    return "ConfigNode[" + path + "]";
  }

  static String join(String path, String key) {
    return path.isEmpty() ? Shown.key(key) : path + "." + Shown.key(key);
  }

  private ConfigNode sectionOf(ConfigValue value, String at) {
    return new ConfigNode(
        at, value == null ? ConfigValue.Section.EMPTY : reader.section(value, at), faults);
  }

  private List<ConfigNode> sectionsOf(ConfigValue value, String at) {
    List<ConfigNode> nodes = new ArrayList<>();
    List<ConfigValue> items = value == null ? List.of() : reader.items(value, at);
    items.forEach(item -> nodes.add(sectionOf(item, at + "[" + nodes.size() + "]")));
    return List.copyOf(nodes);
  }

  /** Types other than text have no empty value: there it means not set, also within quotes. */
  private <T> T typed(String key, T defaultValue, Function<String, T> parser) {
    boolean blank = value(key) instanceof ConfigValue.Scalar scalar && scalar.text().isBlank();
    return blank ? defaultValue : read(key, defaultValue, text -> parser.apply(text.strip()));
  }

  private <T> T read(String key, T defaultValue, Function<String, T> parser) {
    ConfigValue value = value(key);
    T read = value == null ? null : reader.one(value, join(path, key), parser);
    return read == null ? defaultValue : read;
  }

  private <T> List<T> list(String key, List<T> defaultValue, Function<String, T> parser) {
    ConfigValue value = value(key);
    List<T> read = value == null ? null : reader.many(value, join(path, key), parser);
    return read == null ? defaultValue : read;
  }

  /** Null if it is not set. */
  private ConfigValue value(String key) {
    known.add(key);
    ConfigValue value = values.byKey().get(key);
    return value instanceof ConfigValue.Scalar scalar && scalar.unset() ? null : value;
  }
}
