package infopass.gateway.countdown;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The sessions that end in the same second, packed: three short texts each, without an object per
 * session. Not thread-safe.
 */
final class Bucket {
  private static final int FIRST_CHUNK = 128;
  private static final int LARGEST_CHUNK = 8 * 1024;
  private static final int MAX_TEXT = 255;

  /** Characters, each of at most three bytes. */
  private static final int MAX_CALLER = MAX_TEXT / 3;

  private static final int MAX_RECORD = 3 * (MAX_TEXT + 1);

  private final long expiresAtSeconds;
  private final List<byte[]> chunks = new ArrayList<>(1);
  private byte[] last = {};
  private int used;
  private int size;
  private boolean expiringTold;

  Bucket(long expiresAtSeconds) {
    this.expiresAtSeconds = expiresAtSeconds;
  }

  long expiresAtSeconds() {
    return expiresAtSeconds;
  }

  int size() {
    return size;
  }

  boolean expiringTold() {
    return expiringTold;
  }

  void expiringIsTold() {
    expiringTold = true;
  }

  /** Adds a session; false where a text is too long to be kept. */
  boolean add(String clientId, String correlationId, String caller) {
    byte[][] texts = {utf8(clientId), utf8(correlationId), utf8(shortened(caller))};
    int length = 0;
    for (byte[] text : texts) {
      if (text.length > MAX_TEXT) {
        return false;
      }
      length += 1 + text.length;
    }
    if (used + length > last.length) {
      grow(length);
    }
    for (byte[] text : texts) {
      last[used++] = (byte) text.length;
      System.arraycopy(text, 0, last, used, text.length);
      used += text.length;
    }
    size++;
    return true;
  }

  /** What is kept of a session. */
  record Session(String clientId, String correlationId, String caller) {}

  /** Where to go on reading: a position between two sessions. */
  static final class Cursor {
    private int chunk;
    private int at;
    private int read;

    /** How many of the first {@code sessions} are still to be read. */
    int left(int sessions) {
      return sessions - read;
    }
  }

  /**
   * Reads on from the cursor.
   *
   * @param atMost how many sessions to read at the most
   */
  void read(Cursor cursor, int atMost, Consumer<Session> reader) {
    for (int i = 0; i < atMost && cursor.read < size; i++) {
      byte[] chunk = chunks.get(cursor.chunk);
      // A chunk ends at its end, or before a record that did not fit: a zero-length client id.
      if (cursor.at >= chunk.length || chunk[cursor.at] == 0) {
        chunk = chunks.get(++cursor.chunk);
        cursor.at = 0;
      }
      String clientId = text(chunk, cursor);
      String correlationId = text(chunk, cursor);
      String caller = text(chunk, cursor);
      cursor.read++;
      reader.accept(new Session(clientId, correlationId, caller));
    }
  }

  private void grow(int needed) {
    int length = Math.min(LARGEST_CHUNK, Math.max(FIRST_CHUNK, 2 * last.length));
    last = new byte[Math.max(length, Math.min(needed, MAX_RECORD))];
    used = 0;
    chunks.add(last);
  }

  private static String text(byte[] chunk, Cursor cursor) {
    int length = chunk[cursor.at++] & 0xff;
    String text = new String(chunk, cursor.at, length, StandardCharsets.UTF_8);
    cursor.at += length;
    return text;
  }

  /** A caller's name is for people: its beginning does. */
  private static String shortened(String caller) {
    return caller.length() <= MAX_CALLER ? caller : caller.substring(0, MAX_CALLER);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
