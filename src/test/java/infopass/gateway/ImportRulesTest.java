package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which package may use which: the table of src/docs/architecture.md, enforced. */
class ImportRulesTest {
  private static final Path SOURCES = Path.of("src/main/java/infopass/gateway");

  /** What each package may use of ours. The root may use all, and nobody uses the root. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("digilocker", Set.of()),
          Map.entry("resilience", Set.of()),
          Map.entry("json", Set.of()),
          Map.entry("config", Set.of()),
          Map.entry("sandbox", Set.of()),
          Map.entry("logging", Set.of()),
          Map.entry("tracing", Set.of("digilocker", "config")),
          Map.entry("bus", Set.of("logging", "digilocker", "resilience")),
          Map.entry("http", Set.of("logging", "digilocker", "resilience", "config")),
          Map.entry("management", Set.of("http", "digilocker", "config")),
          Map.entry("callers", Set.of("digilocker", "resilience", "config")),
          Map.entry("idempotency", Set.of("digilocker")),
          Map.entry("audit", Set.of("logging", "config")),
          Map.entry("cluster", Set.of("logging", "digilocker", "bus", "idempotency", "config")),
          Map.entry(
              "intake",
              Set.of(
                  "digilocker",
                  "logging",
                  "resilience",
                  "callers",
                  "idempotency",
                  "audit",
                  "bus",
                  "http",
                  "json",
                  "tracing",
                  "config")),
          Map.entry("countdown", Set.of("logging", "digilocker", "bus", "http", "config")),
          Map.entry("metrics", Set.of("digilocker", "http", "infopass", "intake")),
          Map.entry(
              "infopass",
              Set.of("logging", "digilocker", "bus", "resilience", "json", "tracing", "config")));

  /** Packages of plain Java. */
  private static final Set<String> JAVA_ONLY = Set.of("digilocker", "resilience");

  /** Comments and literals, which may name anything. */
  private static final Pattern NOT_CODE =
      Pattern.compile(
          "(?s)/\\*.*?\\*/|//[^\\n]*|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\])+'");

  /**
   * A use of ours, imported or spelled out: a package of the base package, or a type of the root.
   */
  private static final Pattern OURS = Pattern.compile("\\binfopass\\s*\\.\\s*gateway\\s*\\.(\\w+)");

  private static final Pattern IMPORT = Pattern.compile("(?m)^import (?:static )?([\\w.]+)");

  @Test
  void everyPackageUsesOnlyWhatItMay() {
    assertEquals(List.of(), breaches(SOURCES));
  }

  @Test
  void onlyTheMetricsPackageKnowsMicrometer() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      Set<String> users = new TreeSet<>();
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> code(file).contains("io.micrometer"))
          .forEach(file -> users.add(file.getParent().getFileName() + ""));
      assertEquals(Set.of("metrics"), users);
    }
  }

  @Test
  void onlyTheClusterPackageKnowsInfinispan() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      Set<String> users = new TreeSet<>();
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> code(file).matches("(?s).*\\borg\\.(infinispan|jgroups)\\b.*"))
          .forEach(file -> users.add(file.getParent().getFileName() + ""));
      assertEquals(Set.of("cluster"), users);
    }
  }

  @Test
  void everyPackageIsInTheTable() throws IOException {
    try (Stream<Path> folders = Files.list(SOURCES)) {
      Set<String> found = new TreeSet<>();
      folders.filter(Files::isDirectory).forEach(folder -> found.add(folder.getFileName() + ""));
      assertEquals(new TreeSet<>(ALLOWED.keySet()), found);
    }
  }

  @Test
  void aPlantedBreachIsFound(@TempDir Path folder) throws IOException {
    // Given
    plant(folder, "infopass/A", "import infopass.gateway.http.Exchange;");
    plant(folder, "http/B", "class B { Object o = infopass.gateway.bus.InitBus.class; }");
    plant(folder, "json/C", "import static infopass.gateway.Main.STOPPED;");
    plant(folder, "digilocker/D", "import io.vertx.core.Future;");
    plant(folder, "resilience/E", "import org.slf4j.Logger;");
    plant(folder, "stray/F", "import infopass.gateway.http.Exchange;");
    plant(folder, "sandbox/G", "/** infopass.gateway.Main */ class G { String s = \"//\"; }");
    plant(folder, "bus/H", "import infopass.gateway.digilocker.Problem;");
    Files.writeString(folder.resolve("I.java"), "import infopass.gateway.http.Exchange;");

    // When
    List<String> breaches = breaches(folder);

    // Then
    assertEquals(
        List.of(
            "digilocker -> io.vertx.core.Future in D.java",
            "http -> bus in B.java",
            "infopass -> http in A.java",
            "json -> the root in C.java",
            "resilience -> org.slf4j.Logger in E.java",
            "stray -> http in F.java"),
        breaches);
  }

  private static void plant(Path folder, String file, String code) throws IOException {
    Path at = folder.resolve(file + ".java");
    Files.createDirectories(at.getParent());
    String name = at.getParent().getFileName().toString();
    Files.writeString(at, "package infopass.gateway." + name + ";\n" + code + '\n');
  }

  private static List<String> breaches(Path sources) {
    Set<String> breaches = new TreeSet<>();
    try (Stream<Path> files = Files.walk(sources)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.getParent().equals(sources))
          .forEach(file -> check(sources.relativize(file), code(file), breaches));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.copyOf(breaches);
  }

  private static void check(Path file, String code, Set<String> breaches) {
    String own = file.getName(0).toString();
    Set<String> allowed = ALLOWED.getOrDefault(own, Set.of());
    for (Matcher used = OURS.matcher(code); used.find(); ) {
      String target = used.group(1);
      boolean root = Character.isUpperCase(target.charAt(0));
      if (root || !target.equals(own) && !allowed.contains(target)) {
        breaches.add(own + " -> " + (root ? "the root" : target) + " in " + file.getFileName());
      }
    }
    for (Matcher used = IMPORT.matcher(code); JAVA_ONLY.contains(own) && used.find(); ) {
      String type = used.group(1);
      if (!type.startsWith("java.") && !type.startsWith("infopass.gateway.")) {
        breaches.add(own + " -> " + type + " in " + file.getFileName());
      }
    }
  }

  /** The file without comments, literals and its package line. */
  private static String code(Path file) {
    try {
      String text = NOT_CODE.matcher(Files.readString(file)).replaceAll(" ");
      return text.replaceFirst("(?m)^package [\\w.]+;", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
