package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends {@link FuzzedRequests} to a gateway, a few on each connection, and watches how each
 * connection ends. What a connection sends depends on the seed and its number alone.
 */
final class FuzzedTraffic {
  private static final int CLIENTS = 64;
  private static final int MOST_ON_ONE = 5;
  private static final int MOST_COMPLAINTS = 20;

  /** Beyond every deadline of the gateway that is asked. */
  private static final int PATIENCE_MILLIS = 60_000;

  private static final byte[] LAST =
      "GET /problems/not-found HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
          .getBytes(ISO_8859_1);

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
  private static final List<String> EXPECTED_5XX = List.of("501", "502", "503", "504", "505");

  private final int port;
  private final long seed;
  private final AtomicLong left;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<String, LongAdder> statuses = new ConcurrentSkipListMap<>();
  private final LongAdder withoutAnswer = new LongAdder();
  private final AtomicLong longestNanos = new AtomicLong();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

  /**
   * @param requests how many to send
   */
  FuzzedTraffic(int port, long seed, long requests) {
    this.port = port;
    this.seed = seed;
    this.left = new AtomicLong(requests);
  }

  /** Sends all of them. */
  void run(long patienceSeconds) throws InterruptedException {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    for (int i = 0; i < CLIENTS; i++) {
      clients.execute(this::client);
    }
    clients.shutdown();
    if (!clients.awaitTermination(patienceSeconds, TimeUnit.SECONDS)) {
      clients.shutdownNow();
      complain("not done after " + patienceSeconds + " s");
    }
  }

  private void client() {
    while (left.get() > 0) {
      int number = numbers.incrementAndGet();
      RandomGenerator random = new SplittableRandom(seed + number);
      int requests = random.nextInt(1, MOST_ON_ONE);
      left.addAndGet(-requests);
      try {
        connection(number, requests, random);
      } catch (Throwable e) {
        complain("connection " + number + ": " + e);
      }
    }
  }

  /** How the sending ends. */
  private enum End {
    LAST_REQUEST,
    HALF_CLOSE,
    WAIT,
    RESET
  }

  private void connection(int number, int requests, RandomGenerator random) throws IOException {
    FuzzedRequests fuzzed = new FuzzedRequests(random);
    int choice = random.nextInt(100);
    End end =
        choice < 70
            ? End.LAST_REQUEST
            : choice < 94 ? End.HALF_CLOSE : choice < 97 ? End.WAIT : End.RESET;
    long begun = System.nanoTime();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      try {
        OutputStream out = socket.getOutputStream();
        for (int i = 0; i < requests; i++) {
          for (byte[] piece : fuzzed.pieces(fuzzed.next())) {
            out.write(piece);
          }
        }
        switch (end) {
          case LAST_REQUEST -> out.write(LAST);
          case HALF_CLOSE -> socket.shutdownOutput();
          case RESET -> {
            socket.setSoLinger(true, 0);
            return;
          }
          default -> {
            // The gateway's deadlines end it.
          }
        }
      } catch (IOException closed) {
        // It was refused while it was still being sent.
      }
      answers(number, untilClosed(socket.getInputStream()));
      longestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
    }
  }

  private static String untilClosed(InputStream in) throws SocketTimeoutException {
    StringBuilder all = new StringBuilder();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all.append(new String(buffer, 0, n, ISO_8859_1));
      }
    } catch (SocketTimeoutException hangs) {
      throw hangs;
    } catch (IOException reset) {
      // Closed too, only less politely.
    }
    return all.toString();
  }

  private void answers(int number, String received) {
    Matcher status = STATUS.matcher(received);
    boolean any = false;
    while (status.find()) {
      any = true;
      String code = status.group(1);
      statuses.computeIfAbsent(code, c -> new LongAdder()).increment();
      if (code.startsWith("5") && !EXPECTED_5XX.contains(code)) {
        complain("connection " + number + " was answered " + code);
      }
    }
    if (!any) {
      withoutAnswer.increment();
    }
    for (String marker : FuzzedRequests.MARKERS) {
      if (received.contains(marker)) {
        complain("connection " + number + " was told " + marker);
      }
    }
  }

  private void complain(String what) {
    if (complaints.size() < MOST_COMPLAINTS) {
      complaints.add(what);
    }
  }

  /** What should not have been; the first of it. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  int connections() {
    return numbers.get();
  }

  /** Connections that were closed, or reset by us, without an answer. */
  long withoutAnswer() {
    return withoutAnswer.sum();
  }

  /** How many answers had each status. */
  Map<String, Long> statuses() {
    Map<String, Long> counts = new TreeMap<>();
    statuses.forEach((status, count) -> counts.put(status, count.sum()));
    return counts;
  }

  long longestMillis() {
    return TimeUnit.NANOSECONDS.toMillis(longestNanos.get());
  }
}
