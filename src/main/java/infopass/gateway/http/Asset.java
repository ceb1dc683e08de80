package infopass.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Content that does not change while the process runs, which browsers ask after with its entity tag
 * (RFC 9110 section 8.8.3) and are sent once. Immutable.
 */
public final class Asset {
  private static final int TAG_CHARACTERS = 32;

  private final CharSequence contentType;
  private final Buffer content;
  private final String tag;

  public Asset(String contentType, Buffer content) {
    this.contentType = HttpHeaders.createOptimized(contentType);
    this.content = content;
    this.tag = '"' + digest(content.getBytes()).substring(0, TAG_CHARACTERS) + '"';
  }

  /** Answers with the content, or 304 where the browser has it. */
  public void answer(Exchange exchange) {
    exchange.header(HttpHeaders.ETAG, tag).header(HttpHeaders.CACHE_CONTROL, "no-cache");
    if (isKnown(exchange)) {
      exchange.reply(304, null, Buffer.buffer());
    } else {
      exchange.reply(200, contentType, content);
    }
  }

  private boolean isKnown(Exchange exchange) {
    for (String line : exchange.request().headers().getAll(HttpHeaders.IF_NONE_MATCH)) {
      for (String known : line.split(",")) {
        String bare = known.strip();
        if (bare.equals("*") || bare.equals(tag) || bare.equals("W/" + tag)) {
          return true;
        }
      }
    }
    return false;
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has it.
    }
  }
}
