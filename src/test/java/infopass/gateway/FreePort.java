package infopass.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** For what has to come back on the port that it had. */
final class FreePort {
  /** Below those that the system gives to outgoing connections, which could take it meanwhile. */
  private static final int FIRST = 20_000;

  private static final int LAST = 32_000;

  private FreePort() {}

  static int find() {
    int offset = (int) (ProcessHandle.current().pid() % (LAST - FIRST));
    for (int i = 0; i < LAST - FIRST; i++) {
      int port = FIRST + (offset + i) % (LAST - FIRST);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // The next one.
      }
    }
    throw new IllegalStateException("no port is free");
  }
}
