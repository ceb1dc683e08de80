package infopass.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** One TLS connection with HTTP/2 agreed on, on which any frames can be sent. For one thread. */
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int UNKNOWN = 0x42;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final int PATIENCE_MILLIS = 20_000;
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final SSLSocket socket;
  private final DataInputStream in;

  private RawHttp2(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  record Frame(int type, int flags, int stream, byte[] payload) {}

  static RawHttp2 to(int port, SSLContext tls) {
    try {
      SSLSocket socket =
          (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      if (!"h2".equals(socket.getApplicationProtocol())) {
        throw new IllegalStateException("no HTTP/2 but " + socket.getApplicationProtocol());
      }
      return new RawHttp2(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends the preface with empty settings. */
  RawHttp2 begin() {
    return send(PREFACE).send(frame(SETTINGS, 0, 0));
  }

  RawHttp2 beginHalf() {
    byte[] half = new byte[PREFACE.length / 2];
    System.arraycopy(PREFACE, 0, half, 0, half.length);
    return send(half);
  }

  RawHttp2 send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] frame(int type, int flags, int stream, byte... payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    return frame.array();
  }

  /** A block of literal fields that no table remembers. */
  static byte[] fields(String... namesAndValues) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.write(0);
      for (String text : new String[] {namesAndValues[i], namesAndValues[i + 1]}) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length > 126) {
          throw new IllegalArgumentException("too long for one byte of length");
        }
        block.write(bytes.length);
        block.writeBytes(bytes);
      }
    }
    return block.toByteArray();
  }

  static byte[] get(String path) {
    return fields(":method", "GET", ":scheme", "https", ":path", path, ":authority", "localhost");
  }

  /** A whole init request. */
  static byte[] init(int stream, String body) {
    byte[] head =
        fields(
            ":method",
            "POST",
            ":scheme",
            "https",
            ":path",
            RunningGateway.INIT,
            ":authority",
            "localhost",
            "authorization",
            RunningGateway.basic("user", "pass"),
            "content-type",
            "application/json");
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    frames.writeBytes(frame(HEADERS, END_HEADERS, stream, head));
    frames.writeBytes(frame(DATA, END_STREAM, stream, body.getBytes(StandardCharsets.UTF_8)));
    return frames.toByteArray();
  }

  /** The next frame; null where the connection has ended. */
  Frame read() {
    try {
      int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      return new Frame(type, flags, stream, in.readNBytes(length));
    } catch (EOFException | SocketException | SSLException ended) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("not closed", e);
    }
  }

  /** Reads on to the end of the connection; the last GOAWAY's error code, or -1 where none came. */
  int errorAtTheEnd() {
    int error = -1;
    for (Frame frame = read(); frame != null; frame = read()) {
      if (frame.type() == GOAWAY) {
        error = ByteBuffer.wrap(frame.payload()).getInt(4);
      }
    }
    return error;
  }

  /** Reads on to the next frame of this type on this stream. */
  Frame await(int type, int stream) {
    Frame frame = read();
    while (frame != null && (frame.type() != type || frame.stream() != stream)) {
      frame = read();
    }
    return frame;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
