package infopass.gateway.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Which core belongs to whom: the first to the relay that is measured, the second to driver and
 * partner. Where there is no {@code taskset}, or one core, all share what there is.
 */
final class Cores {
  private static final Path TASKSET = Path.of("/usr/bin/taskset");

  private final boolean apart =
      Files.isExecutable(TASKSET) && Runtime.getRuntime().availableProcessors() > 1;

  /** Whether the relay has a core to itself. */
  boolean apart() {
    return apart;
  }

  /** What to put before the command of a relay. */
  List<String> ofRelay() {
    return apart ? List.of(TASKSET.toString(), "-c", "0") : List.of();
  }

  /** What to put before the command of a partner. */
  List<String> ofOthers() {
    return apart ? List.of(TASKSET.toString(), "-c", "1") : List.of();
  }

  /** Moves this process to the core of driver and partner. */
  void moveSelf() {
    if (!apart) {
      return;
    }
    String pid = Long.toString(ProcessHandle.current().pid());
    try {
      new ProcessBuilder(TASKSET.toString(), "-a", "-p", "-c", "1", pid)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
