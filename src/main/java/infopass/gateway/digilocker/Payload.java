package infopass.gateway.digilocker;

import java.nio.ByteBuffer;

/**
 * The bytes of a JSON document as they came over the wire, passed along untouched.
 *
 * <p>Immutable by agreement: it takes ownership of the array it is given, and nobody writes to that
 * array afterwards. Thread-safe. {@link #toString()} shows the length only, since the content is
 * personal data or a token.
 */
public final class Payload {
  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Wraps the array without a copy; the caller must not write to it afterwards. */
  public static Payload owning(byte[] bytes) {
    return new Payload(bytes);
  }

  public int length() {
    return bytes.length;
  }

  /** The bytes themselves, to be read only. */
  public byte[] bytes() {
    return bytes;
  }

  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  @Override
  public String toString() {
    return "Payload[" + bytes.length + " bytes]";
  }
}
