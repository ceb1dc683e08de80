package infopass.gateway;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Compares where two listeners listen, however their addresses are written. May ask the DNS. */
final class ListenAddresses {
  private ListenAddresses() {}

  /** Whether a connection to one can reach the other, were their ports the same. */
  static boolean overlap(String one, String other) {
    InetAddress[] ones = resolved(one);
    InetAddress[] others = resolved(other);
    return Arrays.stream(ones)
        .anyMatch(
            a ->
                Arrays.stream(others)
                    .anyMatch(b -> a.isAnyLocalAddress() || b.isAnyLocalAddress() || a.equals(b)));
  }

  private static InetAddress[] resolved(String host) {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      return new InetAddress[0]; // It cannot be listened on, and the start says so.
    }
  }
}
