package infopass.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of an HTTP/1 connection. What the framing lets through as one request, the codec behind
 * it must see as exactly that one: the same method, target and length of content, the next request
 * beginning at the same byte. Anything else is request smuggling. And it must not matter in which
 * pieces the bytes come.
 */
public final class RequestFuzz {
  private static final int MAX_LINE = 96;
  private static final int MAX_FIELDS = 192;

  private RequestFuzz() {}

  private record Seen(String method, String target, long content) {}

  public static void fuzzerTestOneInput(byte[] input) {
    Split whole = new Split(input, input.length);
    Split bytewise = new Split(input, 1);
    if (!whole.requests.equals(bytewise.requests) || whole.refused != bytewise.refused) {
      throw new AssertionError(
          "whole: " + whole.requests + whole.refused + ", bytewise: " + bytewise.requests);
    }
    StringBuilder passed = new StringBuilder();
    List<Seen> expected = new ArrayList<>();
    for (String request : whole.requests) {
      passed.append(request);
      expected.add(asWritten(request));
    }
    List<Seen> seen = seenByTheCodec(passed.toString());
    if (!seen.equals(expected)) {
      throw new AssertionError("passed " + expected + ", but the codec saw " + seen);
    }
  }

  /** The requests that the framing tells apart, in pieces of this size. */
  private static final class Split {
    private final List<String> requests = new ArrayList<>();
    private boolean refused;

    Split(byte[] input, int piece) {
      RequestFraming framing = new RequestFraming(MAX_LINE, MAX_FIELDS);
      ByteBuf in = Unpooled.buffer();
      StringBuilder request = new StringBuilder();
      for (int fed = 0; fed < input.length && !refused; fed += piece) {
        in.writeBytes(input, fed, Math.min(piece, input.length - fed));
        int taken = 1;
        while (in.isReadable() && taken > 0 && !refused) {
          if (framing.finished()) {
            framing.next();
          }
          taken = framing.take(in);
          refused = framing.fault() != null;
          request.append(in.readCharSequence(refused ? 0 : taken, ISO_8859_1));
          if (framing.finished() && !refused) {
            requests.add(request.toString());
            request.setLength(0);
          }
        }
      }
    }
  }

  /** What a request says of itself; only for one that the framing found right. */
  private static Seen asWritten(String request) {
    int from = request.startsWith("\r\n") ? 2 : 0;
    int end = request.indexOf("\r\n\r\n", from) + 4;
    String[] head = request.substring(from, end).split("\r\n");
    String[] line = head[0].split(" ");
    long content = 0;
    for (int i = 1; i < head.length; i++) {
      String name = head[i].substring(0, head[i].indexOf(':')).toLowerCase(java.util.Locale.ROOT);
      if (name.equals("transfer-encoding")) {
        content = chunks(request, end);
      } else if (name.equals("content-length")) {
        content = Long.parseLong(head[i].substring(head[i].indexOf(':') + 1).strip());
        if (request.length() != end + content) {
          throw new AssertionError("not as long as its Content-Length: " + request.length());
        }
      }
    }
    return new Seen(line[0], line[1], content);
  }

  private static long chunks(String request, int from) {
    long content = 0;
    int at = from;
    while (true) {
      int feed = request.indexOf("\r\n", at);
      int size = Integer.parseInt(request.substring(at, feed).split("[; \t]")[0], 16);
      if (size == 0) {
        return content;
      }
      content += size;
      at = feed + 2 + size + 2;
    }
  }

  private static List<Seen> seenByTheCodec(String bytes) {
    HttpDecoderConfig config =
        // It counts otherwise, and then refuses itself what is longer, with the same answer.
        new HttpDecoderConfig()
            .setMaxInitialLineLength(2 * MAX_LINE)
            .setMaxHeaderSize(2 * MAX_FIELDS);
    EmbeddedChannel codec = new EmbeddedChannel(new HttpRequestDecoder(config));
    codec.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
    List<Seen> seen = new ArrayList<>();
    HttpRequest request = null;
    long content = 0;
    for (Object message = codec.readInbound(); message != null; message = codec.readInbound()) {
      if (message instanceof HttpRequest head) {
        if (request != null || !head.decoderResult().isSuccess()) {
          throw new AssertionError("the codec refuses what was passed: " + head.decoderResult());
        }
        request = head;
        content = 0;
      }
      if (message instanceof HttpContent part) {
        if (request == null || !part.decoderResult().isSuccess()) {
          throw new AssertionError("the codec refuses what was passed: " + part.decoderResult());
        }
        content += part.content().readableBytes();
        part.release();
      }
      if (message instanceof LastHttpContent) {
        seen.add(new Seen(request.method().name(), request.uri(), content));
        request = null;
      }
    }
    if (request != null) {
      throw new AssertionError("the codec waits for more of " + request.uri());
    }
    codec.finishAndReleaseAll();
    return seen;
  }
}
