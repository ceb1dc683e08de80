package infopass.gateway.http;

import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the address that a request came from behind proxies: that of the connection, and where a
 * trusted proxy has it, what this and the trusted ones before it noted in Forwarded (RFC 7239) or
 * X-Forwarded-For, read from the right. What callers note of themselves is never reached.
 * Immutable.
 */
public final class TrustedProxies {
  /** None: the address is that of the connection. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  private static final int MOST_HOPS = 32;
  private static final Pattern CIDR = Pattern.compile("([0-9A-Fa-f:.]+)(?:/([0-9]{1,3}))?");

  /** The parameter of a forwarded-element, quoted or not. */
  private static final Pattern FOR =
      Pattern.compile("(?i)(?:^|;)\\s*for=(?:\"([^\"]*)\"|([^;\"\\s]*))\\s*(?=;|$)");

  private static final Pattern NODE =
      Pattern.compile(
          "([0-9.]+)(?::[0-9]{1,5})?|\\[([0-9A-Fa-f:.]+)](?::[0-9]{1,5})?|([0-9A-Fa-f:]+)");

  private record Block(byte[] address, int bits) {
    boolean holds(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private final List<Block> blocks = new ArrayList<>();

  /**
   * @param cidrs blocks such as {@code 10.0.0.0/8} and {@code fd00::/8}, or single addresses
   * @throws IllegalArgumentException where one is none
   */
  public TrustedProxies(List<String> cidrs) {
    cidrs.forEach(cidr -> blocks.add(block(cidr)));
  }

  /** Whether it is a block of addresses, or one address. */
  public static boolean valid(String cidr) {
    try {
      return block(cidr) != null;
    } catch (IllegalArgumentException none) {
      return false;
    }
  }

  private static Block block(String cidr) {
    Matcher form = CIDR.matcher(cidr);
    byte[] address = form.matches() ? bytes(form.group(1)) : null;
    if (address == null) {
      throw new IllegalArgumentException("no block of addresses");
    }
    int most = 8 * address.length;
    int bits = form.group(2) == null ? most : Integer.parseInt(form.group(2));
    if (bits > most) {
      throw new IllegalArgumentException("no block of addresses");
    }
    return new Block(address, bits);
  }

  /** Null for what is no address; an IPv4 address within IPv6 is that address. */
  private static byte[] bytes(String literal) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(literal);
    boolean mapped = bytes != null && bytes.length == 16 && bytes[10] == -1 && bytes[11] == -1;
    for (int i = 0; mapped && i < 10; i++) {
      mapped = bytes[i] == 0;
    }
    return mapped ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
  }

  private boolean trusts(String address) {
    byte[] bytes = bytes(address);
    return bytes != null && blocks.stream().anyMatch(block -> block.holds(bytes));
  }

  /**
   * The address of the client.
   *
   * @param peer the address of the connection
   */
  String clientOf(String peer, MultiMap headers) {
    if (blocks.isEmpty() || !trusts(peer)) {
      return peer;
    }
    List<String> hops = hops(headers);
    String client = peer;
    for (int i = hops.size() - 1; i >= 0 && hops.size() - i <= MOST_HOPS; i--) {
      String hop = hops.get(i);
      if (hop == null) {
        return client; // Unknown or hidden: the last that is known is the nearest to it.
      }
      client = hop;
      if (!trusts(hop)) {
        return client;
      }
    }
    return client;
  }

  private static List<String> hops(MultiMap headers) {
    boolean standard = headers.contains("Forwarded");
    List<String> hops = new ArrayList<>();
    for (String line : headers.getAll(standard ? "Forwarded" : "X-Forwarded-For")) {
      for (String element : line.split(",", -1)) {
        hops.add(address(standard ? forwardedFor(element) : element.strip()));
      }
    }
    return hops;
  }

  private static String forwardedFor(String element) {
    Matcher found = FOR.matcher(element.strip());
    if (!found.find()) {
      return "";
    }
    return found.group(1) == null ? found.group(2) : found.group(1);
  }

  /** Without its port; null for what is no address. */
  private static String address(String node) {
    Matcher form = NODE.matcher(node);
    if (!form.matches()) {
      return null;
    }
    for (int group = 1; group <= 3; group++) {
      if (form.group(group) != null) {
        byte[] bytes = bytes(form.group(group));
        return bytes == null ? null : NetUtil.bytesToIpAddress(bytes);
      }
    }
    return null;
  }
}
