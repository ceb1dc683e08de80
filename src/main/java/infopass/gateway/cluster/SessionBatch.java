package infopass.gateway.cluster;

import infopass.gateway.cluster.Sessions.Session;
import infopass.gateway.logging.LogLimit;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sessions on their way to another node, written as they come: a format, how many there are, and of
 * each three texts and its end. Belongs to one event loop until it is {@linkplain #bytes() read}.
 */
final class SessionBatch {
  private static final Logger LOG = LoggerFactory.getLogger(SessionBatch.class);
  private static final LogLimit LIMIT = new LogLimit();
  private static final byte FORMAT = 1;
  private static final int HEADER = 1 + Integer.BYTES;
  private static final int FIRST_BYTES = 1_024;

  /** A caller's name is for people: its beginning does. */
  private static final int MAX_CALLER = 85;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int used = HEADER;
  private int size;
  private long lastEndSeconds;

  /** Adds one; false where a text is longer than the format can hold. */
  boolean add(Session session) {
    byte[] clientId = utf8(session.clientId());
    byte[] correlationId = utf8(session.correlationId());
    byte[] shortened = utf8(shortened(session.caller()));
    int texts = clientId.length + correlationId.length + shortened.length;
    if (Math.max(clientId.length, correlationId.length) > Character.MAX_VALUE) {
      return false;
    }
    int needed = used + 3 * Character.BYTES + texts + Long.BYTES;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
    }
    ByteBuffer out = ByteBuffer.wrap(bytes, used, bytes.length - used);
    for (byte[] text : new byte[][] {clientId, correlationId, shortened}) {
      out.putChar((char) text.length).put(text);
    }
    out.putLong(session.endSeconds());
    used = needed;
    size++;
    lastEndSeconds = Math.max(lastEndSeconds, session.endSeconds());
    return true;
  }

  int size() {
    return size;
  }

  /** When the last of them ends, in seconds since 1970. */
  long lastEndSeconds() {
    return lastEndSeconds;
  }

  /** What {@link #read} reads. */
  byte[] bytes() {
    ByteBuffer.wrap(bytes).put(FORMAT).putInt(size);
    return Arrays.copyOf(bytes, used);
  }

  /** Whether {@link #read} can read it; a node of another version may have written it. */
  static boolean readable(byte[] bytes) {
    return bytes.length >= HEADER && bytes[0] == FORMAT;
  }

  /** The sessions of a batch. */
  static List<Session> read(byte[] bytes) {
    List<Session> batch = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    try {
      for (int left = in.getInt(); left > 0; left--) {
        batch.add(new Session(text(in), text(in), text(in), in.getLong()));
      }
    } catch (BufferUnderflowException | IllegalArgumentException cut) {
      LIMIT.line(LOG, Level.WARN, "cut").log("a batch of sessions could not be read to its end");
    }
    return batch;
  }

  private static String text(ByteBuffer in) {
    byte[] text = new byte[in.getChar()];
    in.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static String shortened(String caller) {
    if (caller.length() <= MAX_CALLER) {
      return caller;
    }
    boolean pair = Character.isHighSurrogate(caller.charAt(MAX_CALLER - 1));
    return caller.substring(0, pair ? MAX_CALLER - 1 : MAX_CALLER);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
