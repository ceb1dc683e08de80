package infopass.gateway.digilocker;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A W3C Trace Context {@code traceparent} (level 1, version 00).
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param parentId 16 lower-case hexadecimal digits, not all zero
 * @param flags 2 lower-case hexadecimal digits
 */
public record TraceParent(String traceId, String parentId, String flags) {
  private static final int LENGTH = 55;

  /** Reads the header; an invalid one is ignored whole, as the standard asks. */
  public static Optional<TraceParent> parse(String header) {
    if (header == null || header.length() < LENGTH) {
      return Optional.empty();
    }
    boolean known = header.startsWith("00-");
    boolean future = isHex(header, 0, 2) && !header.startsWith("ff") && !known;
    if (header.length() > LENGTH && !(future && header.charAt(LENGTH) == '-')) {
      return Optional.empty();
    }
    if (!(known || future)
        || header.charAt(2) != '-'
        || header.charAt(35) != '-'
        || header.charAt(52) != '-'
        || !isHex(header, 3, 35)
        || !isHex(header, 36, 52)
        || !isHex(header, 53, 55)
        || isZero(header, 3, 35)
        || isZero(header, 36, 52)) {
      return Optional.empty();
    }
    // Level 1 knows one flag, and asks that the others are set to zero.
    boolean sampled = (Character.digit(header.charAt(54), 16) & 1) == 1;
    return Optional.of(
        new TraceParent(header.substring(3, 35), header.substring(36, 52), sampled ? "01" : "00"));
  }

  /** A new trace, not sampled. */
  public static TraceParent start(RandomGenerator random) {
    return new TraceParent(
        Hex.of(nonZero(random), random.nextLong()), Hex.of(nonZero(random)), "00");
  }

  /** The same trace with a new parent id: what the next hop is given. */
  public TraceParent next(RandomGenerator random) {
    return new TraceParent(traceId, Hex.of(nonZero(random)), flags);
  }

  /** Whether the caller records it, and so should we. */
  public boolean sampled() {
    return (Character.digit(flags.charAt(1), 16) & 1) == 1;
  }

  /** The header's value. */
  public String header() {
    return "00-" + traceId + '-' + parentId + '-' + flags;
  }

  private static long nonZero(RandomGenerator random) {
    long value = random.nextLong();
    return value == 0 ? 1 : value;
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZero(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '0') {
        return false;
      }
    }
    return true;
  }
}
