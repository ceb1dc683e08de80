package infopass.gateway.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * Where relays send requests.
 *
 * @param certificate whom to trust, PEM; null where it speaks plain HTTP
 * @param running ends it
 */
record Partner(int port, Path certificate, AutoCloseable running) implements AutoCloseable {
  String url() {
    return (certificate == null ? "http" : "https") + "://127.0.0.1:" + port;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public void close() {
    try {
      running.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
