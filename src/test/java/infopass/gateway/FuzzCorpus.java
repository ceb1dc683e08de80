package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The kept inputs of one fuzz target: a text file with one input in each line, what is not
 * printable ASCII escaped as in Java, so that it can be read, reviewed and added to by hand.
 */
record FuzzCorpus(Class<?> target) {
  private static final Path FOLDER = Path.of("src/test/resources/infopass/gateway/fuzz");
  private static final String ENTRY = "fuzzerTestOneInput";

  /** A target by its name, which is that of a class in one of our packages. */
  static FuzzCorpus of(String name) {
    try {
      return new FuzzCorpus(Class.forName("infopass.gateway." + name));
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException("no such fuzz target: " + name, e);
    }
  }

  /** Every target. */
  static List<FuzzCorpus> all() {
    return Stream.of(
            "http.RequestFuzz",
            "intake.InitBodyFuzz",
            "intake.PreferFuzz",
            "intake.RedirectUrlFuzz",
            "callers.AuthorizationFuzz",
            "digilocker.TraceFuzz",
            "idempotency.IdempotencyKeyFuzz",
            "infopass.RetryAfterFuzz",
            "infopass.PartnerTokenFuzz",
            "infopass.PartnerAnswerFuzz")
        .map(FuzzCorpus::of)
        .toList();
  }

  String name() {
    return target.getSimpleName();
  }

  Path file() {
    return FOLDER.resolve(name() + ".txt");
  }

  List<byte[]> inputs() throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    for (String line : Files.readAllLines(file())) {
      inputs.add(unescaped(line));
    }
    return inputs;
  }

  /** Gives the target one input; fails as the target does. */
  void run(byte[] input) throws Throwable {
    try {
      target.getMethod(ENTRY, byte[].class).invoke(null, (Object) input);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Writes the inputs as files of a folder, as the fuzzer wants them. */
  void unpack(Path folder) throws IOException {
    Files.createDirectories(folder);
    int number = 0;
    for (byte[] input : inputs()) {
      Files.write(folder.resolve("kept-" + number++), input);
    }
  }

  /** Keeps what the folder holds, and nothing else. */
  void pack(Path folder) throws IOException {
    Set<String> lines = new TreeSet<>(Comparator.comparing(String::length).thenComparing(s -> s));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        lines.add(escaped(Files.readAllBytes(file)));
      }
    }
    Files.write(file(), lines);
  }

  static String escaped(byte[] input) {
    StringBuilder line = new StringBuilder(input.length);
    for (byte b : input) {
      switch (b) {
        case '\\' -> line.append("\\\\");
        case '\r' -> line.append("\\r");
        case '\n' -> line.append("\\n");
        default -> {
          if (b >= ' ' && b < 0x7f) {
            line.append((char) b);
          } else {
            line.append("\\x").append(HexFormat.of().toHexDigits(b));
          }
        }
      }
    }
    return line.toString();
  }

  static byte[] unescaped(String line) {
    StringBuilder input = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\') {
        i++;
        switch (line.charAt(i)) {
          case 'r' -> c = '\r';
          case 'n' -> c = '\n';
          case 'x' -> {
            c = (char) HexFormat.fromHexDigits(line, i + 1, i + 3);
            i += 2;
          }
          default -> c = line.charAt(i);
        }
      }
      input.append(c);
    }
    return input.toString().getBytes(ISO_8859_1);
  }

  @Override
  public String toString() {
    return name();
  }
}
