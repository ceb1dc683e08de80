package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A partner whose answers are any bytes. Requests are numbered from 1; each number's script writes
 * what it likes. Connections are kept until the script or the other side ends them.
 */
final class ScriptedPartner implements AutoCloseable {
  /** What is written for one request. */
  interface Script {
    void answer(int request, Socket connection, OutputStream out) throws IOException;
  }

  private static final int PATIENCE_MILLIS = 10_000;

  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final Script script;

  ScriptedPartner(Script script) {
    this.script = script;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** A right answer, framed by its length, whose client id names the request. */
  static String link(int request) {
    String document = FakePartner.LINK.replace("digilocker_abc", "digilocker_for" + request);
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + document.length()
        + "\r\n\r\n"
        + document;
  }

  static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  int connections() {
    return connections.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      connection.setSoTimeout(PATIENCE_MILLIS);
      while (read(connection.getInputStream())) {
        script.answer(requests.incrementAndGet(), connection, connection.getOutputStream());
      }
    } catch (IOException gone) {
      // What the other side does is what the test looks at.
    }
  }

  /** Reads one request; false where none comes any more. */
  private static boolean read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int c = in.read();
      if (c < 0) {
        return false;
      }
      head.write(c);
    }
    String fields = head.toString(ISO_8859_1).toLowerCase(Locale.ROOT);
    int at = fields.indexOf("content-length:") + "content-length:".length();
    in.readNBytes(Integer.parseInt(fields.substring(at, fields.indexOf("\r\n", at)).strip()));
    return true;
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
