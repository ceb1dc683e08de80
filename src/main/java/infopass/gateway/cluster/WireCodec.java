package infopass.gateway.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes a message field by field for another node, and reads it. Its name holds its version: a
 * node that does not know the version says so, and never misreads.
 */
final class WireCodec<M> implements MessageCodec<M, M> {
  /** How a message is written. */
  @FunctionalInterface
  interface Writer<M> {
    void write(M message, DataOutput out) throws IOException;
  }

  /** How it is read. */
  @FunctionalInterface
  interface Reader<M> {
    M read(DataInput in) throws IOException;
  }

  private final String name;
  private final Writer<M> writer;
  private final Reader<M> reader;

  WireCodec(String name, Writer<M> writer, Reader<M> reader) {
    this.name = name;
    this.writer = writer;
    this.reader = reader;
  }

  static WireCodec<Handover> handover(String name) {
    return new WireCodec<>(name, Handover::write, Handover::read);
  }

  static WireCodec<Handback> handback(String name) {
    return new WireCodec<>(name, Handback::write, Handback::read);
  }

  byte[] encoded(M message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try {
      writer.write(message, new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // A text that is longer than any that was let in.
    }
    return bytes.toByteArray();
  }

  M decoded(byte[] bytes) {
    try {
      return reader.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new IllegalArgumentException(name + " cannot be read: " + e.getMessage());
    }
  }

  @Override
  public void encodeToWire(Buffer buffer, M message) {
    byte[] bytes = encoded(message);
    buffer.appendInt(bytes.length).appendBytes(bytes);
  }

  @Override
  public M decodeFromWire(int position, Buffer buffer) {
    int length = buffer.getInt(position);
    int from = position + Integer.BYTES;
    return decoded(buffer.getBytes(from, from + length));
  }

  @Override
  public M transform(M message) {
    return message;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
