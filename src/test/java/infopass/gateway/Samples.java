package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a text in Prometheus' format says.
 *
 * @param types the type of each family, by name
 * @param all every sample
 */
record Samples(Map<String, String> types, List<Sample> all) {
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\w+) (\\w+)");
  private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  record Sample(String name, Map<String, String> labels, double value) {}

  static Samples of(String text) {
    Map<String, String> types = new TreeMap<>();
    List<Sample> all = new ArrayList<>();
    for (String line : text.split("\n")) {
      Matcher type = TYPE.matcher(line);
      if (type.matches()) {
        types.put(type.group(1), type.group(2));
      } else if (!line.startsWith("#")) {
        Matcher sample = SAMPLE.matcher(line);
        assertTrue(sample.matches(), line);
        all.add(
            new Sample(
                sample.group(1), labels(sample.group(2)), Double.parseDouble(sample.group(3))));
      }
    }
    return new Samples(types, all);
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (Matcher label = LABEL.matcher(text == null ? "" : text); label.find(); ) {
      labels.put(label.group(1), label.group(2));
    }
    return labels;
  }

  /** The only sample with this name and at least these labels, given as names and values. */
  double value(String name, String... labels) {
    List<Sample> found =
        all.stream().filter(sample -> sample.name().equals(name) && has(sample, labels)).toList();
    assertTrue(found.size() == 1, name + List.of(labels) + ": " + found);
    return found.get(0).value();
  }

  private static boolean has(Sample sample, String... labels) {
    for (int i = 0; i < labels.length; i += 2) {
      if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
        return false;
      }
    }
    return true;
  }

  /** The labels that the family's samples have, but for a histogram's own. */
  Set<String> labelsOf(String family) {
    String suffix = "histogram".equals(types.get(family)) ? "_count" : "";
    Set<String> names = new TreeSet<>();
    all.stream()
        .filter(sample -> sample.name().equals(family + suffix))
        .forEach(sample -> names.addAll(sample.labels().keySet()));
    return names;
  }
}
