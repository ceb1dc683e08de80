package infopass.gateway.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What can be changed of a load test, from system properties that begin with {@code load.}; the
 * performance document lists them.
 */
final class Settings {
  private static final String SCENARIOS =
      "saturation,saturation-tls,latency,plain,tls,faults,quota,burst,soak";

  /** Of a container of 256 MiB; what the compilers gave back goes back to the system. */
  private static final String FLAGS = "-Xmx128m -XX:+UseSerialGC -XX:TrimNativeHeapInterval=10000";

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

  /** Length of one measurement of a round. */
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
    return List.of(System.getProperty("load.flags", FLAGS).split(" "));
  }

  /**
   * Another gateway to be measured beside this one.
   *
   * @param template its command, with {@code {port}} for where it is to listen and {@code
   *     {partner}} for where requests go
   */
  record Peer(String name, String template) {
    List<String> command(int port, String partner) {
      return Stream.of(template.split(" "))
          .map(word -> word.replace("{port}", Integer.toString(port)).replace("{partner}", partner))
          .toList();
    }
  }

  /** From {@code load.peer}, {@code name=command}. */
  Optional<Peer> peer() {
    return Optional.ofNullable(System.getProperty("load.peer"))
        .map(peer -> peer.split("=", 2))
        .map(parts -> new Peer(parts[0], parts[1]));
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
