package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy on loopback that spoils what passes: one request and one answer on each connection,
 * with the fault that was set when the connection came. Thread-safe.
 */
final class FaultProxy implements AutoCloseable {
  /** What goes wrong. */
  enum Fault {
    NONE,
    /** Nobody listens. */
    REFUSE,
    RESET_BEFORE_BYTES,
    /** The partner has done its work by then. */
    RESET_AFTER_REQUEST,
    RESET_WITHIN_ANSWER,
    /** The request is taken, and goes nowhere. */
    BLACK_HOLE,
    /** Nothing more will be written, but the connection stays. */
    HALF_CLOSE,
    /** A byte at a time, so slowly that the answer takes minutes. */
    DRIP,
    /** All of the answer, a little late. */
    LATENCY,
    GARBAGE,
    LENGTH_TOO_SHORT,
    LENGTH_TOO_LONG,
    TWO_ANSWERS
  }

  private static final int PATIENCE_MILLIS = 5_000;
  private static final int DRIP_MILLIS = 100;
  private static final int LATENCY_MILLIS = 200;

  private final int target;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final int port;
  private volatile Fault fault = Fault.NONE;
  private ServerSocket listener;
  private Future<?> accepting;

  private FaultProxy(int target) {
    this.target = target;
    listen(0);
    this.port = listener.getLocalPort();
  }

  /** Before this port of this machine. */
  static FaultProxy before(int port) {
    return new FaultProxy(port);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** For connections to come. */
  synchronized void set(Fault next) {
    if (next == Fault.REFUSE && fault != Fault.REFUSE) {
      stopListening();
    } else if (next != Fault.REFUSE && fault == Fault.REFUSE) {
      listen(port);
    }
    fault = next;
  }

  /** How many connections were taken so far. */
  int accepted() {
    return accepted.get();
  }

  /** How many of them are open, once none is or the time is over. */
  int openAfter(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (!open.isEmpty() && System.nanoTime() < end) {
      pause(5);
    }
    return open.size();
  }

  private void listen(int at) {
    try {
      listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
      ServerSocket from = listener;
      accepting = threads.submit(() -> accept(from));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kernel listens for as long as a thread is within accept, which closing only wakes. */
  private void stopListening() {
    shut(listener);
    try {
      accepting.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("still listening", e);
    }
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket socket = from.accept();
        accepted.incrementAndGet();
        open.add(socket);
        Fault now = fault;
        threads.execute(() -> serve(socket, now));
      } catch (IOException closed) {
        // The loop ends, or the next one is taken.
      }
    }
  }

  private void serve(Socket socket, Fault now) {
    try {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      if (now == Fault.RESET_BEFORE_BYTES) {
        reset(socket);
        return;
      }
      byte[] request = message(socket.getInputStream());
      byte[] answer = now == Fault.BLACK_HOLE ? new byte[0] : ask(request);
      spoil(now, socket, answer);
      // The other side has to end it: until then it counts as open.
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException | InterruptedException gone) {
      // What the other side does is what the test looks at.
    } finally {
      shut(socket);
      open.remove(socket);
    }
  }

  private void spoil(Fault now, Socket socket, byte[] answer)
      throws IOException, InterruptedException {
    OutputStream out = socket.getOutputStream();
    switch (now) {
      case RESET_AFTER_REQUEST -> reset(socket);
      case RESET_WITHIN_ANSWER -> {
        out.write(answer, 0, answer.length - 40);
        // Let it arrive: a reset overtakes what is under way.
        pause(50);
        reset(socket);
      }
      case BLACK_HOLE -> {}
      case HALF_CLOSE -> socket.shutdownOutput();
      case DRIP -> {
        for (byte single : answer) {
          out.write(single);
          pause(DRIP_MILLIS);
        }
      }
      case LATENCY -> {
        pause(LATENCY_MILLIS);
        out.write(answer);
        socket.shutdownOutput();
      }
      case GARBAGE -> out.write("\u0016\u0003\u0001 this is no HTTP\r\n\r\n".getBytes(ISO_8859_1));
      case LENGTH_TOO_SHORT -> out.write(withLength(answer, -10));
      case LENGTH_TOO_LONG -> {
        out.write(withLength(answer, 10));
        socket.shutdownOutput();
      }
      case TWO_ANSWERS -> {
        byte[] kept = withLength(answer, 0);
        out.write(kept);
        out.write(kept);
      }
      default -> {
        out.write(answer);
        socket.shutdownOutput();
      }
    }
  }

  /** The target's answer, which is the last on its connection. */
  private byte[] ask(byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), target)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      String text = new String(request, ISO_8859_1);
      int head = text.indexOf("\r\n");
      String closing = text.substring(0, head) + "\r\nConnection: close" + text.substring(head);
      socket.getOutputStream().write(closing.getBytes(ISO_8859_1));
      return socket.getInputStream().readAllBytes();
    }
  }

  /** One message with a head and a body of the length that the head says. */
  private static byte[] message(InputStream in) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    String head = "";
    while (!head.endsWith("\r\n\r\n")) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("closed");
      }
      message.write(c);
      head = message.toString(ISO_8859_1);
    }
    message.writeBytes(in.readNBytes(length(head)));
    return message.toByteArray();
  }

  private static int length(String head) {
    return Arrays.stream(head.toLowerCase(Locale.ROOT).split("\r\n"))
        .filter(field -> field.startsWith("content-length:"))
        .mapToInt(field -> Integer.parseInt(field.substring("content-length:".length()).strip()))
        .findFirst()
        .orElse(0);
  }

  /** The same answer, but kept alive, and with a length that is wrong by so much. */
  private static byte[] withLength(byte[] answer, int wrongBy) {
    String text = new String(answer, ISO_8859_1);
    int length = length(text.substring(0, text.indexOf("\r\n\r\n")));
    return text.replaceFirst("(?i)connection: close\r\n", "")
        .replaceFirst("(?i)content-length: *\\d+", "Content-Length: " + (length + wrongBy))
        .getBytes(ISO_8859_1);
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Ends early where the proxy does. */
  private void pause(long millis) throws InterruptedException {
    if (ended.await(millis, TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("the proxy has ended");
    }
  }

  private static void shut(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    ended.countDown();
    shut(listener);
    open.forEach(FaultProxy::shut);
    threads.shutdownNow();
  }
}
