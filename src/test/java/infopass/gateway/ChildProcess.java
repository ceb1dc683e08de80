package infopass.gateway;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The gateway as an operator runs it: a Java process of its own. It runs the jar, which the
 * integration-test phase has built; where that is missing or older than the classes, the classes.
 */
final class ChildProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target/infopass-gateway.jar").toAbsolutePath();
  private static final Pattern READY =
      Pattern.compile(
          "ready: (?:(http://\\S+?)(?: \\(management (http://\\S+)\\))?|management (http://\\S+))");
  private static final int PATIENCE_SECONDS = 120;

  private final long startedNanos = System.nanoTime();
  private final java.lang.Process process;
  private final Lines out;
  private final Lines err;

  private ChildProcess(java.lang.Process process) {
    this.process = process;
    this.out = new Lines(process.getInputStream());
    this.err = new Lines(process.getErrorStream());
  }

  /** On the Java that runs this test, for people who write digits of their own. */
  static ChildProcess start(Path folder, Map<String, String> environment, String... arguments) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return start(
        List.of(java.toString(), "-Duser.language=mr", "-Duser.country=IN"),
        folder,
        environment,
        arguments);
  }

  /**
   * @param java the Java to run it on, and its flags
   */
  static ChildProcess start(
      List<String> java, Path folder, Map<String, String> environment, String... arguments) {
    return start(java, null, folder, environment, arguments);
  }

  /**
   * @param before classes that take the place of those of the same name; null for none
   */
  static ChildProcess start(
      List<String> java,
      Path before,
      Path folder,
      Map<String, String> environment,
      String... arguments) {
    List<String> command = new ArrayList<>(java);
    if (before != null) {
      String rest = upToDate(JAR) ? JAR.toString() : System.getProperty("java.class.path");
      String classPath = before.toAbsolutePath() + File.pathSeparator + rest;
      command.addAll(List.of("-cp", classPath, "infopass.gateway.Main"));
    } else if (upToDate(JAR)) {
      command.addAll(List.of("-jar", JAR.toString()));
    } else {
      command.addAll(
          List.of("-cp", System.getProperty("java.class.path"), "infopass.gateway.Main"));
    }
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().putAll(environment);
    try {
      return new ChildProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean upToDate(Path jar) {
    try (Stream<Path> classes = Files.walk(Path.of("target/classes"))) {
      long built = jar.toFile().lastModified();
      return classes.allMatch(file -> file.toFile().lastModified() <= built);
    } catch (IOException e) {
      return false;
    }
  }

  /** Where it listens; null where it has no public, or no management port. */
  record Ready(String line, URI http, URI management, long afterMillis) {}

  Ready awaitReady() {
    String line = out.next();
    Matcher matcher = READY.matcher(line == null ? "" : line);
    if (!matcher.matches()) {
      throw new AssertionError("not ready: " + line + "\n" + errors());
    }
    String operators = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
    URI management = operators == null ? null : URI.create(operators);
    URI http = matcher.group(1) == null ? null : URI.create(matcher.group(1));
    long millis = (System.nanoTime() - startedNanos) / 1_000_000;
    return new Ready(line, http, management, millis);
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  long pid() {
    return process.pid();
  }

  /** Waits for a line on standard error with this in it. */
  void awaitError(String part) {
    String line;
    do {
      line = err.next();
      if (line == null) {
        throw new AssertionError("it ended without saying " + part);
      }
    } while (!line.contains(part));
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  boolean alive() {
    return process.isAlive();
  }

  int awaitExit() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still running\n" + errors());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return process.exitValue();
  }

  /** The lines on standard output that nobody has taken yet, to the end of the process. */
  List<String> restOfOutput() {
    return out.rest();
  }

  /** All lines on standard error, to the end of the process. */
  List<String> restOfErrors() {
    return err.rest();
  }

  private String errors() {
    process.destroyForcibly();
    return String.join("\n", restOfErrors());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Reads a stream on a thread of its own, so that the process never waits for us. */
  private static final class Lines {
    private static final String END = new String("end");

    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

    Lines(InputStream in) {
      Thread reader = new Thread(() -> read(in), "child output");
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream in) {
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          queue.add(line);
        }
      } catch (IOException closed) {
        // The process was killed.
      }
      queue.add(END);
    }

    /** Null at the end. */
    @SuppressWarnings("StringEquality")
    String next() {
      try {
        String line = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null) {
          throw new AssertionError("nothing was printed for " + PATIENCE_SECONDS + " s");
        }
        return line == END ? null : line;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    List<String> rest() {
      List<String> rest = new ArrayList<>();
      for (String line = next(); line != null; line = next()) {
        rest.add(line);
      }
      return rest;
    }
  }
}
