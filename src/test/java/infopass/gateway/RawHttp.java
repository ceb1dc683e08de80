package infopass.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection on which any bytes can be sent, also such as no HTTP client would send. */
final class RawHttp implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int MOST_OF_A_HEAD = 16_384;

  private final Socket socket;
  private static final Pattern REQUEST_LINE =
      Pattern.compile("^([A-Z]+) (/\\S*) HTTP/\\d\\.\\d\r\n");

  private final PushbackInputStream in;
  private final Consumer<ApiAnswer> api;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private boolean first = true;

  private RawHttp(Socket socket, Consumer<ApiAnswer> api) throws IOException {
    this.socket = socket;
    this.api = api;
    this.in = new PushbackInputStream(socket.getInputStream());
  }

  /** To the public port of a gateway: what it answers has to be documented. */
  static RawHttp to(int port) {
    return to(port, new ApiWitness()::saw);
  }

  /** To the management port, which has no such document. */
  static RawHttp toManagement(int port) {
    return to(port, answer -> {});
  }

  /**
   * @param api is shown every answer
   */
  static RawHttp to(int port, Consumer<ApiAnswer> api) {
    try {
      Socket socket = new Socket();
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
      return new RawHttp(socket, api);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An answer that was read whole. Names of fields are in lower case. */
  record Answer(String statusLine, Map<String, List<String>> headers, byte[] content) {
    int status() {
      return Integer.parseInt(statusLine.split(" ", 3)[1]);
    }

    /** The field's value; null where there is none or more than one. */
    String header(String name) {
      List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
      return values.size() == 1 ? values.get(0) : null;
    }

    String body() {
      return new String(content, StandardCharsets.UTF_8);
    }

    boolean closes() {
      return "close".equalsIgnoreCase(header("connection"));
    }
  }

  RawHttp send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawHttp send(byte[] bytes) {
    try {
      if (first && sent.size() <= MOST_OF_A_HEAD) {
        sent.writeBytes(bytes);
      }
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads one answer, framed by its Content-Length; one to a HEAD has no content. */
  Answer answer() {
    return answer(true);
  }

  Answer answerToHead() {
    return answer(false);
  }

  private Answer answer(boolean withContent) {
    String statusLine = line();
    Map<String, List<String>> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
          .add(line.substring(colon + 1).strip());
    }
    List<String> length = headers.getOrDefault("content-length", List.of("0"));
    int bytes = withContent ? Integer.parseInt(length.get(0)) : 0;
    try {
      byte[] content = in.readNBytes(bytes);
      if (content.length < bytes) {
        throw new IllegalStateException("closed within an answer's content");
      }
      Answer answer = new Answer(statusLine, headers, content);
      if (answer.status() != 100) {
        api.accept(seen(answer));
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Only of a connection's first answer it is known for certain to what it is one. */
  private ApiAnswer seen(Answer answer) {
    Matcher line = REQUEST_LINE.matcher(sent.toString(StandardCharsets.ISO_8859_1));
    boolean known = first && line.find();
    first = false;
    return new ApiAnswer(
        known ? line.group(1) : "",
        known ? line.group(2) : "",
        answer.status(),
        answer.headers(),
        answer.body());
  }

  /** What still comes before the peer closes; fails where it keeps the connection open. */
  String untilClosed() {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    try {
      for (int c = in.read(); c >= 0; c = in.read()) {
        rest.write(c);
      }
    } catch (SocketException reset) {
      // Closed too, only less politely.
    } catch (IOException e) {
      throw new UncheckedIOException("not closed; so far: " + rest, e);
    }
    return rest.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether nothing comes, and the connection stays open, for so long. */
  boolean quiet(int millis) {
    try {
      socket.setSoTimeout(millis);
      try {
        int first = in.read();
        if (first >= 0) {
          in.unread(first);
        }
        return false;
      } catch (SocketTimeoutException nothing) {
        return true;
      } finally {
        socket.setSoTimeout(PATIENCE_MILLIS);
      }
    } catch (IOException ended) {
      return false;
    }
  }

  /** Ends the sending direction; answers can still be read. */
  RawHttp endOutput() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() {
    ByteArrayOutputStream line = new ByteArrayOutputStream(64);
    try {
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IllegalStateException("closed before an answer; got: " + line);
        }
        line.write(c);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no answer; got: " + line, e);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
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
