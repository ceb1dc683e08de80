package infopass.gateway;

import io.netty.util.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names the parts of Netty on the class path whose version is known to be unsafe. */
final class NettyVersions {
  private static final Pattern NUMBERS = Pattern.compile("([0-9]+)\\.([0-9]+)\\.([0-9]+)\\..*");

  /** Below it requests can be smuggled; the build refuses the same versions. */
  private static final int[] SAFE = {4, 2, 18};

  private NettyVersions() {}

  /** One line for each that is below; empty where all is well. */
  static List<String> unsafe() {
    return unsafe(
        Version.identify().entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, found -> found.getValue().artifactVersion())));
  }

  /**
   * @param found versions by the name of the artifact
   */
  static List<String> unsafe(Map<String, String> found) {
    List<String> unsafe = new ArrayList<>();
    new TreeMap<>(found)
        .forEach(
            (artifact, version) -> {
              if (isBelow(version)) {
                unsafe.add(
                    "io.netty:"
                        + artifact
                        + " "
                        + version
                        + " lets request smuggling through: take 4.2.18.Final or newer");
              }
            });
    return unsafe;
  }

  private static boolean isBelow(String version) {
    Matcher numbers = NUMBERS.matcher(version + '.');
    if (!numbers.matches()) {
      return false;
    }
    for (int i = 0; i < SAFE.length; i++) {
      int number = Integer.parseInt(numbers.group(i + 1));
      if (number != SAFE[i]) {
        return number < SAFE[i];
      }
    }
    return false;
  }
}
