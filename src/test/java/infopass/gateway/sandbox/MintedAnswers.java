package infopass.gateway.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The sandbox's ordinary answers as bytes of HTTP/1.1, for a partner that must cost next to
 * nothing. Not thread-safe.
 */
public final class MintedAnswers {
  private static final int EXPIRY_SECONDS = 600;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Clock clock = Clock.systemUTC();
  private final Links links;

  public MintedAnswers() {
    SecureRandom seed = new SecureRandom();
    byte[] key = new byte[20];
    seed.nextBytes(key);
    links =
        new Links(new TokenMint(key), clock, new SplittableRandom(seed.nextLong()), EXPIRY_SECONDS);
  }

  /** A whole answer with a link of its own, issued now. */
  public byte[] next() {
    byte[] body = links.next().document().getBytes(StandardCharsets.US_ASCII);
    String head =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ndate: "
            + DATE.format(Instant.now(clock))
            + "\r\ncontent-length: "
            + body.length
            + "\r\n\r\n";
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[start.length + body.length];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(body, 0, whole, start.length, body.length);
    return whole;
  }

  /** What comes after the head of an answer. */
  public static byte[] bodyOf(byte[] answer) {
    String text = new String(answer, StandardCharsets.US_ASCII);
    return text.substring(text.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.US_ASCII);
  }
}
