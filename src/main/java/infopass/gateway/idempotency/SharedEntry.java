package infopass.gateway.idempotency;

import infopass.gateway.digilocker.FailureBytes;
import infopass.gateway.digilocker.TokenExpiry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * What processes keep for each other of one request: that it is being worked on, or how it ended.
 * Immutable.
 *
 * @param fingerprint keyed hash of caller and body
 * @param running who works on it; null where it has ended
 * @param settled how it ended; null while it is worked on
 */
record SharedEntry(byte[] fingerprint, Running running, Settled settled) {
  private static final int FORMAT = 1;
  private static final int RUNNING = 0;
  private static final int LINK = 1;
  private static final int REFUSAL = 2;
  private static final int UNKNOWN = 3;
  private static final int MAX_BYTES = 1024 * 1024;

  /**
   * A call that is being made.
   *
   * @param node which process makes it
   * @param call which of its calls
   * @param until when it has ended, however it ends
   */
  record Running(String node, long call, Instant until) {}

  byte[] encoded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeByte(kind());
      array(fingerprint, out);
      if (running != null) {
        out.writeUTF(running.node());
        out.writeLong(running.call());
        out.writeLong(running.until().toEpochMilli());
        return bytes.toByteArray();
      }
      out.writeLong(settled.until().toEpochMilli());
      if (settled.answer() instanceof Settled.Answer.Link link) {
        out.writeUTF(link.clientId());
        array(link.sealed(), out);
        out.writeInt(link.appendAt());
        out.writeLong(link.expiry().issuedAt().getEpochSecond());
        out.writeLong(link.expiry().expiresAt().getEpochSecond());
      } else if (settled.answer() instanceof Settled.Answer.Refusal refusal) {
        FailureBytes.write(refusal.failure(), out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IOException where a process of another version wrote it
   */
  static SharedEntry decoded(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readByte();
      if (format != FORMAT) {
        throw new IOException("unknown format: " + format);
      }
      int kind = in.readByte();
      byte[] fingerprint = array(in);
      if (kind == RUNNING) {
        Running running =
            new Running(in.readUTF(), in.readLong(), Instant.ofEpochMilli(in.readLong()));
        return new SharedEntry(fingerprint, running, null);
      }
      Instant until = Instant.ofEpochMilli(in.readLong());
      return new SharedEntry(fingerprint, null, new Settled(fingerprint, until, answer(kind, in)));
    }
  }

  private static Settled.Answer answer(int kind, DataInputStream in) throws IOException {
    if (kind == LINK) {
      return new Settled.Answer.Link(
          in.readUTF(),
          array(in),
          in.readInt(),
          new TokenExpiry(
              Instant.ofEpochSecond(in.readLong()), Instant.ofEpochSecond(in.readLong())));
    }
    return kind == REFUSAL
        ? new Settled.Answer.Refusal(FailureBytes.read(in))
        : new Settled.Answer.Unknown();
  }

  private int kind() {
    if (running != null) {
      return RUNNING;
    }
    if (settled.answer() instanceof Settled.Answer.Link) {
      return LINK;
    }
    return settled.answer() instanceof Settled.Answer.Refusal ? REFUSAL : UNKNOWN;
  }

  private static void array(byte[] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] array(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_BYTES) {
      throw new IOException("too long: " + length);
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  @Override
  public String toString() {
    return "SharedEntry[" + (running != null ? running : settled) + "]";
  }
}
