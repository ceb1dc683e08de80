package infopass.gateway.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux tells about a process in {@code /proc}. */
final class ProcFile {
  /** Ticks a second in {@code stat}: 100 on every Linux that matters. */
  private static final double TICKS_A_SECOND = 100;

  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  private final Path folder;

  ProcFile(long pid) {
    folder = Path.of("/proc", Long.toString(pid));
  }

  /** Processor time that it used, in all its threads, in seconds. */
  double cpuSeconds() {
    return userSeconds() + systemSeconds();
  }

  double userSeconds() {
    return ticks(USER_TIME) / TICKS_A_SECOND;
  }

  double systemSeconds() {
    return ticks(SYSTEM_TIME) / TICKS_A_SECOND;
  }

  private long ticks(int field) {
    String stat = read("stat");
    // The name of the program, in brackets, may hold anything.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[field]);
  }

  /** Resident memory, in MiB. */
  double residentMiB() {
    for (String line : read("status").split("\n")) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    return 0;
  }

  private String read(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
