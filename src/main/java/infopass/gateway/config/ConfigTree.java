package infopass.gateway.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Turns a parsed document into values, and tells the faults where each path is written. */
final class ConfigTree {
  private final ConfigSource source;
  private final EnvironmentText environment;
  private final Faults faults;

  ConfigTree(ConfigSource source, Map<String, String> environment, Faults faults) {
    this.source = source;
    this.environment = new EnvironmentText(environment);
    this.faults = faults;
  }

  /** An unusable document is an empty one, with its faults told. */
  ConfigValue.Section read() {
    Optional<Node> document = new YamlText(source, faults).compose();
    if (document.isEmpty() || document.get().getTag().equals(Tag.NULL)) {
      return ConfigValue.Section.EMPTY;
    }
    ConfigValue root = value(document.get(), "", place(document.get()));
    if (root instanceof ConfigValue.Section section) {
      return section;
    }
    faults.add(place(document.get()), Fault.at("", "must be a section, was " + root.kind()));
    return ConfigValue.Section.EMPTY;
  }

  private ConfigValue value(Node node, String path, Place place) {
    // The parser marks a plain ${...} with a tag of its own.
    Tag tag = node.getTag();
    boolean known = tag.getValue().startsWith(Tag.PREFIX) || tag.equals(Tag.ENV_TAG);
    if (!known) {
      // Without the tag's name: an unquoted password may begin with an exclamation mark.
      unreadable(path, place, "tags are not supported; quote a text that begins with !");
    }
    if (node instanceof MappingNode mapping) {
      return section(mapping, path);
    }
    if (node instanceof SequenceNode sequence) {
      return items(sequence, path);
    }
    return scalar((ScalarNode) node, path, place, known);
  }

  private ConfigValue.Section section(MappingNode mapping, String path) {
    Map<String, ConfigValue> byKey = new LinkedHashMap<>();
    Map<String, Place> first = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      Place place = place(entry.getKeyNode());
      if (!(entry.getKeyNode() instanceof ScalarNode keyNode)) {
        faults.add(place, Fault.at(path, "must have single values as keys"));
        continue;
      }
      String key = keyNode.getValue();
      String keyPath = ConfigNode.join(path, key);
      Place earlier = first.putIfAbsent(key, place);
      if (earlier != null) {
        faults.add(place, Fault.at(keyPath, "is given twice, first on line " + earlier.line()));
        continue;
      }
      faults.locate(keyPath, place);
      byKey.put(key, value(entry.getValueNode(), keyPath, place));
    }
    return new ConfigValue.Section(Collections.unmodifiableMap(byKey));
  }

  private ConfigValue.Items items(SequenceNode sequence, String path) {
    List<ConfigValue> values = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      String itemPath = path + "[" + values.size() + "]";
      faults.locate(itemPath, place(item));
      values.add(value(item, itemPath, place(item)));
    }
    return new ConfigValue.Items(List.copyOf(values));
  }

  private ConfigValue.Scalar scalar(ScalarNode node, String path, Place place, boolean known) {
    List<String> broken = new ArrayList<>();
    String text = environment.substitute(node.getValue(), broken::add);
    broken.forEach(rule -> unreadable(path, place, rule));
    boolean readable = known && broken.isEmpty();
    boolean unset = node.getTag().equals(Tag.NULL) || node.isPlain() && text.isEmpty();
    return new ConfigValue.Scalar(text, unset && readable, readable);
  }

  private void unreadable(String path, Place place, String rule) {
    faults.unreadable(path);
    faults.add(place, Fault.at(path, rule));
  }

  private Place place(Node node) {
    int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    return new Place(source.name(), line, 0);
  }
}
