package infopass.gateway.infopass;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Decodes the content codings that a server may use although it was asked for none (RFC 9110
 * section 8.4.1): gzip and deflate, once, within {@link Attempt#MAX_BODY_BYTES}. Stateless.
 */
final class ContentCodings {
  private static final byte[] NOTHING = {};
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final int ZLIB_METHOD = 8;

  private ContentCodings() {}

  /**
   * The content without its coding and without a byte-order mark; empty where it cannot be decoded
   * or is larger than is read.
   *
   * @param coding the value of Content-Encoding; null where there is none
   */
  static byte[] decode(String coding, byte[] body) {
    String name = coding == null ? "" : coding.strip().toLowerCase(Locale.ROOT);
    byte[] content =
        switch (name) {
          case "", "identity" -> body;
          case "gzip", "x-gzip" -> inflated(body, true);
          case "deflate" -> inflated(body, false);
          default -> NOTHING;
        };
    boolean marked =
        content.length >= BYTE_ORDER_MARK.length
            && Arrays.equals(content, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, 3);
    return marked ? Arrays.copyOfRange(content, BYTE_ORDER_MARK.length, content.length) : content;
  }

  private static byte[] inflated(byte[] body, boolean gzip) {
    // Some servers send deflate without its zlib header, which begins with the method's number.
    boolean raw = body.length > 0 && (body[0] & 0x0F) != ZLIB_METHOD;
    Inflater inflater = new Inflater(!gzip && raw);
    try (InputStream bytes = new ByteArrayInputStream(body);
        InputStream in =
            gzip ? new GZIPInputStream(bytes) : new InflaterInputStream(bytes, inflater)) {
      byte[] content = in.readNBytes(Attempt.MAX_BODY_BYTES + 1);
      return content.length > Attempt.MAX_BODY_BYTES ? NOTHING : content;
    } catch (IOException notDecodable) {
      return NOTHING;
    } finally {
      inflater.end();
    }
  }
}
