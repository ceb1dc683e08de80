package infopass.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ByteProcessor;

/**
 * Where a request on an HTTP/1 connection ends (RFC 9112 sections 2, 6 and 7), read more strictly
 * than any codec behind it, so that the two cannot disagree. A head passes whole or not at all, and
 * so does each line of a chunked body. Belongs to one event loop.
 */
final class RequestFraming {
  private enum State {
    REQUEST_LINE,
    FIELDS,
    LENGTH,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    FINISHED
  }

  /** A chunk's size with its extensions. */
  private static final int MAX_CHUNK_LINE = 256;

  /** Longest method that a request line, too long for a target, is looked for. */
  private static final int MAX_METHOD = 64;

  /** Of a chunk: far beyond what any body may have, far below an overflow. */
  private static final int MAX_SIZE_DIGITS = 8;

  private static final int MAX_LENGTH_DIGITS = 18;

  private final int maxLine;
  private final int maxFields;
  private State state = State.FINISHED;
  private Exception fault;
  private boolean blankSeen;
  private int fieldBytes;
  private boolean http10;
  private long length;
  private int encodings;
  private boolean chunked;
  private long remaining;

  /** Bytes of the unfinished head or line that have been looked at. */
  private int scanned;

  /** Where, among those, the line that is not complete begins. */
  private int lineAt;

  /**
   * @param maxLine most bytes of a request line
   * @param maxFields most bytes of all fields of a head, or of a trailer
   */
  RequestFraming(int maxLine, int maxFields) {
    this.maxLine = maxLine;
    this.maxFields = maxFields;
  }

  /** Whether the request has ended, or none has begun. */
  boolean finished() {
    return state == State.FINISHED;
  }

  /** Whether the head has not ended. */
  boolean inHead() {
    return state == State.REQUEST_LINE || state == State.FIELDS;
  }

  /** What is wrong; null where nothing is so far. Nothing can be taken after that. */
  Exception fault() {
    return fault;
  }

  /** Begins another request. */
  void next() {
    state = State.REQUEST_LINE;
    blankSeen = false;
    fieldBytes = 0;
    length = -1;
    encodings = 0;
    chunked = false;
    scanned = 0;
    lineAt = 0;
  }

  /**
   * How many of the readable bytes, from the first, belong to this request and are right so far.
   * They must be taken away before the next call; 0 asks for more bytes, or is a fault.
   */
  int take(ByteBuf in) {
    return switch (state) {
      case LENGTH, CHUNK -> data(in);
      case FINISHED -> 0;
      default -> lines(in);
    };
  }

  private int data(ByteBuf in) {
    int bytes = (int) Math.min(remaining, in.readableBytes());
    remaining -= bytes;
    if (remaining == 0) {
      state = state == State.CHUNK ? State.CHUNK_END : State.FINISHED;
    }
    return bytes;
  }

  private int lines(ByteBuf in) {
    int base = in.readerIndex();
    while (fault == null) {
      int from = base + lineAt;
      int unseen = base + scanned;
      int feed = in.forEachByte(unseen, in.writerIndex() - unseen, ByteProcessor.FIND_LF);
      int to = feed < 0 ? endSoFar(in, from) : feed - 1;
      if (tooLong(in, from, to - from)) {
        return 0;
      }
      if (feed < 0) {
        scanned = in.readableBytes();
        return 0;
      }
      if (to < from || in.getByte(to) != '\r') {
        fault = Refusal.invalid("A line does not end with CR LF.");
        return 0;
      }
      scanned = feed + 1 - base;
      lineAt = scanned;
      boolean passes = line(in, from, to);
      if (passes && fault == null) {
        int bytes = scanned;
        scanned = 0;
        lineAt = 0;
        return bytes;
      }
    }
    return 0;
  }

  /** A CR may belong to the end of the line: it does not count until it is known not to. */
  private static int endSoFar(ByteBuf in, int from) {
    int end = in.writerIndex();
    return end > from && in.getByte(end - 1) == '\r' ? end - 1 : end;
  }

  private boolean tooLong(ByteBuf in, int from, int line) {
    switch (state) {
      case REQUEST_LINE -> {
        if (line > maxLine) {
          boolean method = in.indexOf(from, from + MAX_METHOD, (byte) ' ') < 0;
          fault =
              method
                  ? Refusal.invalid("The method is longer than any that is served.")
                  : new TooLongHttpLineException("request line");
        }
      }
      case FIELDS, TRAILERS -> {
        if (fieldBytes + line > maxFields) {
          fault = new TooLongHttpHeaderException("fields");
        }
      }
      default -> {
        if (line > MAX_CHUNK_LINE) {
          fault = Refusal.invalid("A chunk's size line is too long.");
        }
      }
    }
    return fault != null;
  }

  /** Looks at a line; whether everything up to its end may pass. */
  private boolean line(ByteBuf in, int from, int to) {
    switch (state) {
      case REQUEST_LINE -> {
        if (from == to && !blankSeen) {
          // One empty line before a request is forgiven (RFC 9112 section 2.2).
          blankSeen = true;
          return true;
        }
        fault = HeadSyntax.faultOfRequestLine(in, from, to);
        http10 = fault == null && HeadSyntax.isHttp10(in, to);
        state = State.FIELDS;
        return false;
      }
      case FIELDS -> {
        if (from == to) {
          endOfHead();
          return true;
        }
        field(in, from, to);
        return false;
      }
      case CHUNK_SIZE -> chunkSize(in, from, to);
      case CHUNK_END -> {
        if (from != to) {
          fault = Refusal.invalid("A chunk is longer than its size.");
        }
        state = State.CHUNK_SIZE;
      }
      default -> {
        if (from == to) {
          state = State.FINISHED;
        } else {
          fieldBytes += to - from;
          fault = HeadSyntax.faultOfField(in, from, to);
        }
      }
    }
    return true;
  }

  private void field(ByteBuf in, int from, int to) {
    fieldBytes += to - from;
    fault = HeadSyntax.faultOfField(in, from, to);
    if (fault != null) {
      return;
    }
    int colon = HeadSyntax.endOfName(in, from, to);
    if (HeadSyntax.equalsIgnoringCase(in, from, colon, "content-length")) {
      if (length >= 0) {
        fault = Refusal.invalid("More than one Content-Length.");
      } else {
        length =
            number(
                in,
                HeadSyntax.skipBlanks(in, colon + 1, to),
                HeadSyntax.trimBlanks(in, colon + 1, to));
      }
    } else if (HeadSyntax.equalsIgnoringCase(in, from, colon, "transfer-encoding")) {
      encodings++;
      chunked =
          HeadSyntax.equalsIgnoringCase(
              in,
              HeadSyntax.skipBlanks(in, colon + 1, to),
              HeadSyntax.trimBlanks(in, colon + 1, to),
              "chunked");
    }
  }

  private long number(ByteBuf in, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      byte c = in.getByte(i);
      if (!HeadSyntax.digit(c)) {
        fault = Refusal.invalid("The Content-Length is not a number.");
        return -1;
      }
      number = number * 10 + (c - '0');
    }
    if (to <= from || to - from > MAX_LENGTH_DIGITS) {
      fault = Refusal.invalid("The Content-Length is not a number.");
    }
    return number;
  }

  private void endOfHead() {
    fieldBytes = 0;
    if (encodings > 0) {
      if (length >= 0) {
        fault = Refusal.invalid("Both Content-Length and Transfer-Encoding.");
      } else if (encodings > 1 || !chunked || http10) {
        fault = Refusal.invalid("The Transfer-Encoding is not 'chunked', once, in HTTP/1.1.");
      } else {
        state = State.CHUNK_SIZE;
      }
      return;
    }
    remaining = Math.max(0, length);
    state = remaining == 0 ? State.FINISHED : State.LENGTH;
  }

  /** {@code 1*HEXDIG [ ";" extensions ]}; the extensions mean nothing here. */
  private void chunkSize(ByteBuf in, int from, int to) {
    long size = 0;
    int at = from;
    for (; at < to; at++) {
      int digit = Character.digit(in.getByte(at), 16);
      if (digit < 0) {
        break;
      }
      size = size << 4 | digit;
      if (at - from >= MAX_SIZE_DIGITS) {
        fault = Refusal.invalid("A chunk's size is too large.");
        return;
      }
    }
    if (at == from || at < to && !ChunkExtensions.valid(in, at, to)) {
      fault = Refusal.invalid("A chunk's size is not a hexadecimal number.");
      return;
    }
    remaining = size;
    state = size == 0 ? State.TRAILERS : State.CHUNK;
  }
}
