package infopass.gateway.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What can be changed of a load test, from system properties that begin with {@code load.}; the
 * performance document lists them.
 */
final class Settings {
  private static final String SCENARIOS =
      "saturation,saturation-tls,plain,tls,latency,faults,quota,burst,soak";

  private final Path folder = Path.of(System.getProperty("load.folder", "target/load"));

  Settings() {
    try {
      Files.createDirectories(folder.toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether this part is to be run. */
  boolean runs(String scenario) {
    return List.of(System.getProperty("load.scenarios", SCENARIOS).split(",")).contains(scenario);
  }

  int rounds() {
    return Integer.getInteger("load.rounds", 5);
  }

  /** Length of one measurement of a saturation round. */
  Duration round() {
    return Duration.ofSeconds(Integer.getInteger("load.roundSeconds", 6));
  }

  Duration warmUp() {
    return Duration.ofSeconds(Integer.getInteger("load.warmUpSeconds", 15));
  }

  Duration soak() {
    return Duration.ofMinutes(Integer.getInteger("load.soakMinutes", 10));
  }

  int soakPerSecond() {
    return Integer.getInteger("load.soakPerSecond", 1_000);
  }

  /** Connections of the closed loop. */
  int connections() {
    return Integer.getInteger("load.connections", 64);
  }

  Path jar() {
    return Path.of("target", "infopass-gateway.jar").toAbsolutePath();
  }

  /** The Java that the gateway, and the bare relay, run on. */
  List<String> javaCommand() {
    String home = System.getProperty("load.java", System.getProperty("java.home"));
    return List.of(Path.of(home, "bin", "java").toString());
  }

  List<String> gatewayFlags() {
    return List.of(System.getProperty("load.flags", "-Xmx128m -XX:+UseSerialGC").split(" "));
  }

  Path file(String name) {
    return folder.toAbsolutePath().resolve(name);
  }

  Path write(String name, String content) {
    try {
      return Files.writeString(file(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
