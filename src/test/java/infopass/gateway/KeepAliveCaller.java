package infopass.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One HTTP/1.1 connection with one request on it at a time, and no retry behind our back. For one
 * thread.
 */
final class KeepAliveCaller implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final String head;
  private final byte[] content;
  private final byte[] request;

  KeepAliveCaller(URI target, String body) throws IOException {
    socket = new Socket(target.getHost(), target.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    content = body.getBytes(StandardCharsets.UTF_8);
    head =
        "POST "
            + RunningGateway.INIT
            + " HTTP/1.1\r\nHost: "
            + target.getAuthority()
            + "\r\nAuthorization: "
            + RunningGateway.basic("user", "pass")
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + content.length
            + "\r\n";
    request = with("");
  }

  private byte[] with(String fields) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes((head + fields + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    whole.writeBytes(content);
    return whole.toByteArray();
  }

  record Answer(int status, boolean closes, String body) {}

  void send() throws IOException {
    out.write(request);
  }

  void send(String correlationId) throws IOException {
    out.write(with("X-Correlation-Id: " + correlationId + "\r\n"));
  }

  /** The whole answer; fails where the connection ends before. */
  Answer receive() throws IOException {
    int status = Integer.parseInt(line().split(" ")[1]);
    boolean closes = false;
    int length = -1;
    for (String field = line(); !field.isEmpty(); field = line()) {
      String lower = field.toLowerCase(Locale.ROOT);
      closes |= lower.equals("connection: close");
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
    }
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the answer ends early");
    }
    return new Answer(status, closes, new String(body, StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ends without an answer");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
