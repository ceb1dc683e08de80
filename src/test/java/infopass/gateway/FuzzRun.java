package infopass.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fuzzes each target for a bounded time with Jazzer, in a process of its own, beginning with the
 * kept corpus. Exits with 1 where a target failed; the input is then named. Run on demand, see the
 * robustness document.
 */
public final class FuzzRun {
  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 60);
  private static final String TARGETS = System.getProperty("fuzz.targets", "");
  private static final boolean KEEP = Boolean.getBoolean("fuzz.keep");
  private static final int LONGEST_INPUT = 512;

  /** What its process may take beyond the time for fuzzing. */
  private static final int GRACE_SECONDS = 120;

  private static final Path FOLDER = Path.of("target", "fuzz");
  private static final Pattern PROGRESS =
      Pattern.compile("#(\\d+)\\s.*cov: (\\d+) ft: (\\d+) corp: (\\d+)/.*");

  private FuzzRun() {}

  public static void main(String[] args) throws Exception {
    Set<String> wanted = Set.of(TARGETS.isBlank() ? new String[0] : TARGETS.split(","));
    boolean failed = false;
    System.out.println("| target | inputs tried | edges covered | corpus | findings |");
    System.out.println("| --- | --- | --- | --- | --- |");
    for (FuzzCorpus corpus : FuzzCorpus.all()) {
      if (wanted.isEmpty() || wanted.contains(corpus.name())) {
        failed |= fuzz(corpus);
      }
    }
    System.exit(failed ? 1 : 0);
  }

  /** Whether it found something. */
  private static boolean fuzz(FuzzCorpus corpus) throws Exception {
    Path folder = FOLDER.resolve(corpus.name());
    deleted(folder);
    Path found = Files.createDirectories(folder.resolve("found"));
    Path inputs = folder.resolve("corpus");
    corpus.unpack(inputs);
    Path log = folder.resolve("log.txt");
    int exit =
        jazzer(
            corpus,
            log,
            "-max_total_time=" + SECONDS,
            "-artifact_prefix=" + found + "/",
            inputs.toString());
    List<Path> findings = files(found);
    System.out.println(row(corpus, log, findings.size()));
    for (Path finding : findings) {
      System.out.println(finding + ": " + FuzzCorpus.escaped(Files.readAllBytes(finding)));
    }
    if (exit != 0) {
      System.out.println("ended with " + exit + ", see " + log);
    } else if (KEEP) {
      keep(corpus, folder, inputs);
    }
    return exit != 0;
  }

  /** Keeps, of all that was found, as little as reaches as much. */
  private static void keep(FuzzCorpus corpus, Path folder, Path inputs) throws Exception {
    Path merged = Files.createDirectories(folder.resolve("merged"));
    int exit =
        jazzer(
            corpus,
            folder.resolve("merge.txt"),
            "-merge=1",
            "-artifact_prefix=" + folder + "/",
            merged.toString(),
            inputs.toString());
    if (exit == 0 && !files(merged).isEmpty()) {
      corpus.pack(merged);
    }
  }

  private static int jazzer(FuzzCorpus corpus, Path log, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-Dlogback.configurationFile=infopass/gateway/silent-logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + corpus.target().getName(),
            "--instrumentation_includes=infopass.gateway.**:io.netty.handler.codec.http.**"
                + ":com.fasterxml.jackson.core.**",
            // It fails itself on what Netty does.
            "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer",
            "--reproducer_path=" + FOLDER,
            "-max_len=" + LONGEST_INPUT,
            "-report_slow_units=60",
            "-timeout=60"));
    command.addAll(List.of(arguments));
    java.lang.Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(SECONDS + GRACE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    return process.exitValue();
  }

  private static String row(FuzzCorpus corpus, Path log, int findings) throws IOException {
    String last = "";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(log), StandardCharsets.ISO_8859_1))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = PROGRESS.matcher(line).matches() ? line : last;
      }
    }
    Matcher progress = PROGRESS.matcher(last);
    return progress.matches()
        ? "| %s | %,d | %s | %s | %s |"
            .formatted(
                corpus.name(),
                Long.parseLong(progress.group(1)),
                progress.group(2),
                progress.group(4),
                findings)
        : "| " + corpus.name() + " | it did not begin | | | |";
  }

  private static void deleted(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
