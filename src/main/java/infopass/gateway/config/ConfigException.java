package infopass.gateway.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; its message is every fault, one a line. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Fault> broken;
  private final transient List<String> lines;

  private ConfigException(List<Fault> broken, List<String> lines) {
    super(String.join("\n", lines));
    this.broken = broken;
    this.lines = lines;
  }

  /** Of a record, which does not know where it was written. */
  static ConfigException unplaced(List<Fault> broken) {
    return new ConfigException(
        List.copyOf(broken), broken.stream().map(Fault::toString).collect(Collectors.toList()));
  }

  static ConfigException placed(List<String> lines) {
    List<Fault> broken = lines.stream().map(line -> Fault.at("", line)).toList();
    return new ConfigException(broken, List.copyOf(lines));
  }

  /** Each fault with its key, rule and value, and its place where that is known. */
  public List<String> faults() {
    return lines;
  }

  List<Fault> broken() {
    return broken;
  }
}
