package infopass.gateway.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Runs the JMH benchmarks of the hot path's steps. The code around them is made here, by JMH's
 * annotation processor, so that the build need not run it. Run on demand, see the performance
 * document; {@code -Djmh=...} takes JMH's own arguments.
 */
public final class Jmh {
  private static final Path SOURCES = Path.of("src/test/java/infopass/gateway");
  private static final Path GENERATED = Path.of("target/jmh");

  private Jmh() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    generate();
    String path = GENERATED + File.pathSeparator + System.getProperty("java.class.path");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", path, "org.openjdk.jmh.Main"));
    command.addAll(List.of(System.getProperty("jmh", "-prof gc").split(" ")));
    System.exit(new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  private static void generate() throws IOException {
    Files.createDirectories(GENERATED);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (Stream<Path> files = Files.walk(SOURCES);
        StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<Path> steps =
          files.filter(file -> file.getFileName().toString().endsWith("Steps.java")).toList();
      List<String> options =
          List.of(
              "-d",
              GENERATED.toString(),
              "-cp",
              System.getProperty("java.class.path"),
              "-processor",
              "org.openjdk.jmh.generators.BenchmarkProcessor");
      boolean done =
          compiler
              .getTask(
                  null,
                  manager,
                  null,
                  options,
                  null,
                  manager.getJavaFileObjects(steps.toArray(Path[]::new)))
              .call();
      if (!done) {
        throw new IllegalStateException("the benchmarks do not compile");
      }
    }
  }
}
