package infopass.gateway.infopass;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates short zlib data, with the same inflater and the same room again and again: making those
 * costs more than their use. Belongs to one event loop.
 */
final class Inflation {
  private static final int LONGEST_INFLATED = 4 * 1024;

  private final Inflater inflater = new Inflater();

  // One byte more than allowed: full means too long, and shorter ones reach their checksum.
  private final byte[] inflated = new byte[LONGEST_INFLATED + 1];

  /** The content, or null if it is cut short, followed by something, or longer than 4 KiB. */
  byte[] inflate(byte[] compressed) throws DataFormatException {
    inflater.reset();
    inflater.setInput(compressed);
    int length = inflater.inflate(inflated);
    boolean complete = inflater.finished() && inflater.getRemaining() == 0;
    return complete && length <= LONGEST_INFLATED ? Arrays.copyOf(inflated, length) : null;
  }
}
