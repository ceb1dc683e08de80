package infopass.gateway;

import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Hostile clients, one kind after the other, with ordinary callers beside them: how long each kind
 * is kept, and what the ordinary callers notice; then what clients that pipeline and never read
 * cost. The clients are a process of their own. Run on demand, see the performance document.
 */
public final class HostileClientsRehearsal {
  private static final int PER_SECOND = Integer.getInteger("rehearsal.perSecond", 200);

  private HostileClientsRehearsal() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("rehearsal");
    TestCertificates.Made made = new TestCertificates(directory).loopback("public");
    String many = "http: {host: 127.0.0.1, port: 0, maxConnections: 100000%s}";
    String tls = ", tls: {certificate: '%s', key: '%s'}".formatted(made.certificate(), made.key());
    try (RunningGateway plain = RunningGateway.start(many.formatted(""));
        RunningGateway secure = RunningGateway.start(many.formatted(tls))) {
      clients(plain.port(), secure.port());
    }
  }

  private static void clients(int plainPort, int tlsPort) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx2g");
    System.getProperties()
        .forEach(
            (name, value) -> {
              if (name.toString().startsWith("rehearsal.")) {
                command.add("-D" + name + "=" + value);
              }
            });
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(HostileClients.class.getName());
    command.addAll(List.of(Integer.toString(plainPort), Integer.toString(tlsPort)));
    OrdinaryCallers callers = new OrdinaryCallers(plainPort, PER_SECOND);
    // The first run is to warm up.
    callers.run(10);
    callers.run(10);
    callers.report("in peace");
    java.lang.Process clients =
        new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(clients.getInputStream(), StandardCharsets.UTF_8))) {
      long before = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("attack by ")) {
          callers.begin();
        } else if (line.contains(" closed, the last after ")) {
          System.out.println(line);
          callers.end();
          callers.report("meanwhile");
        } else if (line.equals("before pipelining")) {
          before = memory();
        } else if (line.startsWith("pipelining ")) {
          int count = Integer.parseInt(line.substring("pipelining ".length()));
          System.out.printf(
              "%s clients that pipeline and never read: %.1f KiB each%n",
              count, (memory() - before) / 1024.0 / count);
        } else {
          System.out.println(line);
        }
      }
    } finally {
      clients.destroy();
    }
  }

  /** Heap in use, and what the network's buffers have outside of it. */
  private static long memory() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory() + PlatformDependent.usedDirectMemory();
  }
}
