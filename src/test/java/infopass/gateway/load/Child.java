package infopass.gateway.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that listens on a port of this machine; its output goes to a file. */
final class Child implements AutoCloseable {
  private static final int ATTEMPTS = 1_200;
  private static final Duration BETWEEN = Duration.ofMillis(25);

  private final Process process;
  private final int port;

  private Child(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it, and returns once something listens on the port. */
  static Child start(Path output, List<String> command, int port) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.environment().remove("JAVA_TOOL_OPTIONS");
      Child child = new Child(builder.start(), port);
      // Whoever ends the load test early does not leave it behind.
      Runtime.getRuntime().addShutdownHook(new Thread(child.process::destroyForcibly));
      child.awaitPort(output);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that nobody listens on. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitPort(Path output) throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      if (!process.isAlive()) {
        break;
      }
      try (Socket probe = new Socket()) {
        probe.connect(address());
        return;
      } catch (IOException notYet) {
        Pause.of(BETWEEN);
      }
    }
    process.destroyForcibly();
    throw new IOException("did not start:\n" + Files.readString(output));
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
