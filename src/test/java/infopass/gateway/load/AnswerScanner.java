package infopass.gateway.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Finds where HTTP/1.1 answers with a Content-Length end, and their status, at little cost. Of a
 * connection on which one request is in work at a time.
 */
final class AnswerScanner {
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final int MAX_HEAD = 16 * 1024;
  private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

  private final byte[] head = new byte[MAX_HEAD];
  private int headBytes;
  private int missing = -1;
  private int status;

  /** Takes these bytes; whether an answer ended with them. */
  boolean take(ByteBuf in) {
    if (missing < 0) {
      int from = Math.max(0, headBytes - 3);
      int read = Math.min(in.readableBytes(), MAX_HEAD - headBytes);
      in.readBytes(head, headBytes, read);
      headBytes += read;
      int end = endOfHead(from);
      if (end < 0) {
        if (headBytes == MAX_HEAD) {
          throw new IllegalStateException("an answer without an end to its head");
        }
        return false;
      }
      status = number(STATUS_AT, STATUS_AT + 3);
      missing = contentLength(end) - (headBytes - end);
    }
    int rest = Math.min(missing, in.readableBytes());
    in.skipBytes(rest);
    missing -= rest;
    if (missing < 0 || in.isReadable()) {
      throw new IllegalStateException("more than the answer that was asked for");
    }
    if (missing > 0) {
      return false;
    }
    missing = -1;
    headBytes = 0;
    return true;
  }

  /** Of the answer that ended last. */
  int status() {
    return status;
  }

  private int endOfHead(int from) {
    for (int i = from; i + 3 < headBytes; i++) {
      if (head[i] == '\r' && head[i + 2] == '\r' && head[i + 1] == '\n' && head[i + 3] == '\n') {
        return i + 4;
      }
    }
    return -1;
  }

  private int contentLength(int end) {
    for (int i = STATUS_AT; i + LENGTH.length < end; i++) {
      if (head[i] == '\n' && isLength(i + 1)) {
        int from = i + 1 + LENGTH.length;
        while (head[from] == ' ') {
          from++;
        }
        int to = from;
        while (head[to] >= '0' && head[to] <= '9') {
          to++;
        }
        return number(from, to);
      }
    }
    throw new IllegalStateException("an answer without a Content-Length");
  }

  private boolean isLength(int at) {
    for (int i = 0; i < LENGTH.length; i++) {
      if ((head[at + i] | 0x20) != (LENGTH[i] | 0x20)) {
        return false;
      }
    }
    return true;
  }

  private int number(int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + head[i] - '0';
    }
    return number;
  }
}
