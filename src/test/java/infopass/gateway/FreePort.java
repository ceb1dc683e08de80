package infopass.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** For what has to come back on the port that it had. */
public final class FreePort {
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

  /**
   * A port and the next one up, of which nobody has either, for each: below those that the system
   * gives to connections.
   */
  public static List<Integer> pairs(int count) {
    List<Integer> found = new ArrayList<>();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    SplittableRandom random = new SplittableRandom();
    while (found.size() < count) {
      int port = 15_000 + 2 * random.nextInt(8_000);
      try (ServerSocket first = new ServerSocket(port, 1, loopback);
          ServerSocket second = new ServerSocket(port + 1, 1, loopback)) {
        if (second.isBound() && first.isBound() && !found.contains(port)) {
          found.add(port);
        }
      } catch (IOException taken) {
        // Another one then.
      }
    }
    return found;
  }
}
