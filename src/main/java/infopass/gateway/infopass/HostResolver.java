package infopass.gateway.infopass;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks the addresses of a name up. Thread-safe; may block. */
@FunctionalInterface
public interface HostResolver {
  /** The system's own, hosts file included, which the JVM remembers for seconds. */
  HostResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  /** The addresses, the one to be tried first at the beginning. */
  List<InetAddress> resolve(String host) throws UnknownHostException;
}
