package infopass.gateway.http;

import io.netty.buffer.ByteBuf;

/**
 * The grammar of what may follow a chunk's size (RFC 9112 section 7.1.1), in ASCII: the codec
 * behind refuses, or fails on, what has another form. Nothing of it means anything here. Stateless.
 */
final class ChunkExtensions {
  private ChunkExtensions() {}

  /** Whether these bytes are {@code *( BWS ";" BWS name [ BWS "=" BWS value ] )}. */
  static boolean valid(ByteBuf in, int from, int to) {
    int at = from;
    while (at < to) {
      at = HeadSyntax.skipBlanks(in, at, to);
      if (at == to || in.getByte(at) != ';') {
        return false;
      }
      int name = HeadSyntax.skipBlanks(in, at + 1, to);
      at = HeadSyntax.endOfName(in, name, to);
      if (at == name) {
        return false;
      }
      int equals = HeadSyntax.skipBlanks(in, at, to);
      if (equals < to && in.getByte(equals) == '=') {
        int value = HeadSyntax.skipBlanks(in, equals + 1, to);
        at = endOfValue(in, value, to);
        // The codec takes no blank behind a value.
        if (at <= value || at < to && in.getByte(at) != ';') {
          return false;
        }
      }
    }
    return true;
  }

  /** Behind a token or a quoted string; not behind its beginning where it is neither. */
  private static int endOfValue(ByteBuf in, int from, int to) {
    if (from == to || in.getByte(from) != '"') {
      return HeadSyntax.endOfName(in, from, to);
    }
    for (int at = from + 1; at < to; at++) {
      byte c = in.getByte(at);
      if (c == '"') {
        return at + 1;
      }
      if (c == '\\') {
        at++;
      }
      // Beyond ASCII they are negative.
      if (at == to || in.getByte(at) < ' ' && in.getByte(at) != '\t' || in.getByte(at) == 0x7f) {
        return from;
      }
    }
    return from;
  }
}
