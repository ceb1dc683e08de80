package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image fits the build. No Docker is needed: the file is read, and its command is run. */
class DockerfileTest {
  private static final int RUNTIME = 25;

  private final List<String> lines = instructions();
  private final String pom = text(Path.of("pom.xml"));

  @Test
  void theCommandRunsTheJarThatIsBuilt() {
    List<String> command = command();
    String jar = only("<finalName>([^<]+)</finalName>", pom) + ".jar";
    assertEquals("java", command.get(0));
    assertEquals(List.of("-jar", jar), command.subList(command.size() - 2, command.size()));
    assertTrue(lines.contains("COPY --from=build /src/target/" + jar + " ./"), lines.toString());
    assertTrue(lines.contains("COPY --from=build /src/target/lib lib/"), lines.toString());
    assertEquals("lib/", only("<classpathPrefix>([^<]+)</classpathPrefix>", pom));
    assertTrue(pom.contains("<outputDirectory>${project.build.directory}/lib</outputDirectory>"));
  }

  @Test
  void everythingThatIsCopiedExistsAndIsNotIgnored() {
    List<String> ignored = text(Path.of(".dockerignore")).lines().toList();
    assertEquals("*", ignored.get(0));
    List<Path> sent = ignored.stream().skip(1).map(line -> Path.of(line.substring(1))).toList();
    sent.forEach(path -> assertTrue(Files.exists(path), path.toString()));
    int copies = 0;
    for (String line : lines) {
      if (line.startsWith("COPY ") && !line.contains("--from=")) {
        Path source = Path.of(line.split(" ")[1]);
        assertTrue(Files.exists(source), line);
        assertTrue(
            sent.stream().anyMatch(path -> source.startsWith(path) || path.startsWith(source)),
            line);
        copies++;
      }
    }
    assertEquals(5, copies);
  }

  @Test
  void itRunsAsANumberedUserWithoutAShellAndWithTheDefaultPorts() {
    assertTrue(lines.stream().anyMatch(line -> line.matches("USER [1-9]\\d*:[1-9]\\d*")));
    assertTrue(lines.contains("STOPSIGNAL SIGTERM"));
    String conf = text(Path.of("conf/gateway.yaml"));
    String port = only("\\$\\{HTTP_PORT:(\\d+)}", conf);
    String managementPort = only("\\$\\{MANAGEMENT_PORT:(\\d+)}", conf);
    assertTrue(lines.contains("EXPOSE " + port + ' ' + managementPort), lines.toString());
    assertTrue(conf.contains("${MANAGEMENT_HOST:"));
    assertTrue(lines.contains("ENV MANAGEMENT_HOST=0.0.0.0"));
    assertTrue(lines.stream().noneMatch(line -> line.contains("JAVA_TOOL_OPTIONS")));
  }

  @Test
  void builderAndRuntimeAreOfTheSameRelease() {
    List<String> images = lines.stream().filter(line -> line.startsWith("FROM ")).toList();
    assertEquals(2, images.size());
    images.forEach(image -> assertTrue(image.contains("-temurin"), image));
    images.forEach(image -> assertTrue(image.matches(".*[:-]" + RUNTIME + "\\b.*"), image));
  }

  @Test
  void theCommandStartsOnTheRuntimeAndSaysNothingBesideItsLogs(@TempDir Path folder) {
    // Given the newest Java of this machine
    Optional<Path> java = newestJava();
    if (java.isEmpty()) {
      System.out.println("SKIPPED: no Java " + RUNTIME + " is here to try the Dockerfile's flags");
      Assumptions.abort("no Java " + RUNTIME);
    }
    List<String> flags = new ArrayList<>(command());
    flags.set(0, java.get().toString());
    flags = flags.subList(0, flags.size() - 2);

    // When
    try (ChildProcess version = ChildProcess.start(flags, folder, Map.of(), "--version")) {
      assertEquals(0, version.awaitExit());
      assertEquals(List.of(), version.restOfErrors());
    }
    Map<String, String> environment =
        Map.of("HTTP_HOST", "127.0.0.1", "HTTP_PORT", "0", "MANAGEMENT_PORT", "0");
    try (ChildProcess gateway = ChildProcess.start(flags, folder, environment, "--sandbox")) {
      gateway.awaitReady();
      gateway.terminate();

      // Then
      assertEquals(0, gateway.awaitExit());
      List<String> logs = gateway.restOfErrors();
      assertFalse(logs.isEmpty());
      logs.forEach(line -> assertTrue(new JsonObject(line).containsKey("message"), line));
    }
  }

  /** The newest of the Javas beside the one that runs this test, if it is new enough. */
  private static Optional<Path> newestJava() {
    TreeMap<Integer, Path> found = new TreeMap<>();
    Path own = Path.of(System.getProperty("java.home")).toAbsolutePath();
    try (Stream<Path> homes = Files.list(own.getParent())) {
      for (Path home : homes.toList()) {
        Path release = home.resolve("release");
        Path java = home.resolve("bin/java");
        if (Files.isReadable(release) && Files.isExecutable(java)) {
          Matcher version = Pattern.compile("JAVA_VERSION=\"(\\d+)").matcher(text(release));
          if (version.find()) {
            found.put(Integer.parseInt(version.group(1)), java);
          }
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.ofNullable(found.ceilingEntry(RUNTIME))
        .map(entry -> found.lastEntry().getValue());
  }

  private List<String> command() {
    String entry =
        lines.stream().filter(line -> line.startsWith("ENTRYPOINT ")).findFirst().orElseThrow();
    return new JsonArray(entry.substring("ENTRYPOINT ".length()))
        .stream().map(String.class::cast).toList();
  }

  /** Without comments, and with continued lines joined. */
  private static List<String> instructions() {
    String joined =
        text(Path.of("Dockerfile")).replaceAll("(?m)^#.*\\n", "").replaceAll("\\\\\\n\\s*", "");
    return joined.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private static String only(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), pattern);
    return matcher.group(1);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
