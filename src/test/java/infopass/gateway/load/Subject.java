package infopass.gateway.load;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What the driver talks to.
 *
 * @param name as the report calls it
 * @param address where requests go
 * @param process empty where requests go straight to the partner
 * @param managementPort of a gateway; 0 for others
 */
record Subject(String name, InetSocketAddress address, Optional<Child> process, int managementPort)
    implements AutoCloseable {
  static final String DIRECT = "no gateway";
  static final String NGINX = "nginx";
  static final String NGINX_LUA = "nginx + Lua";
  static final String BARE = "bare Vert.x";
  static final String GATEWAY = "gateway";
  static final String NODE = "gateway in a cluster";

  static Subject direct(InetSocketAddress partner) {
    return new Subject(DIRECT, partner, Optional.empty(), 0);
  }

  /** Processor time so far, in seconds; 0 where there is no process. */
  double cpuSeconds() {
    return process.map(child -> new ProcFile(child.pid()).cpuSeconds()).orElse(0.0);
  }

  double residentMiB() {
    return process.map(child -> new ProcFile(child.pid()).residentMiB()).orElse(0.0);
  }

  @Override
  public void close() {
    process.ifPresent(Child::close);
  }
}
