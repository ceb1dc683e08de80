package infopass.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy on loopback whose connections do not live long: one in ten is reset in mid-flight,
 * when a request has been passed on and before its answer comes; the others are closed after an
 * answer, when the next request may be on its way. Thread-safe.
 */
final class ResettingProxy implements AutoCloseable {
  private static final int ONE_IN = 10;
  private static final int ANSWERS = 20;

  private final int target;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger resets = new AtomicInteger();
  private final Random random = new Random(1);

  ResettingProxy(int target) {
    this.target = target;
    try {
      this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  int accepted() {
    return accepted.get();
  }

  int resets() {
    return resets.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        boolean doomed = accepted.incrementAndGet() % ONE_IN == 0;
        int requests = doomed ? 1 + random.nextInt(ANSWERS) : Integer.MAX_VALUE;
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        open.add(near);
        open.add(far);
        threads.execute(() -> forth(near, far, requests));
        threads.execute(() -> back(far, near));
      } catch (IOException closed) {
        return;
      }
    }
  }

  /** Requests and answers are small, and sent in one write: each read is one. */
  private void forth(Socket near, Socket far, int requests) {
    byte[] buffer = new byte[16 * 1024];
    try (near;
        far) {
      InputStream in = near.getInputStream();
      int read = in.read(buffer);
      for (int n = 1; read >= 0; n++) {
        far.getOutputStream().write(buffer, 0, read);
        if (n >= requests) {
          resets.incrementAndGet();
          near.setSoLinger(true, 0);
          return;
        }
        read = in.read(buffer);
      }
    } catch (IOException gone) {
      // The other side has ended it.
    } finally {
      open.remove(near);
      open.remove(far);
    }
  }

  private static void back(Socket far, Socket near) {
    byte[] buffer = new byte[16 * 1024];
    try {
      InputStream in = far.getInputStream();
      OutputStream out = near.getOutputStream();
      int read = in.read(buffer);
      for (int n = 1; read >= 0; n++) {
        out.write(buffer, 0, read);
        read = n < ANSWERS ? in.read(buffer) : -1;
      }
      near.close();
    } catch (IOException gone) {
      // The other direction ends with it.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
