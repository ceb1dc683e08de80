package infopass.gateway.countdown;

import com.sun.management.OperatingSystemMXBean;
import infopass.gateway.RunningGateway;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many open event streams at one tick a second, first all reading, then with some more that never
 * read: processor time of the gateway's process, its heap per stream, ticks delivered. The readers
 * are a process of their own. Run on demand, see the performance document.
 */
public final class EventStreamBenchmark {
  private static final int STREAMS = Integer.getInteger("streams", 10_000);
  private static final int STALLED = Integer.getInteger("stalled", 100);
  private static final int SECONDS = Integer.getInteger("seconds", 15);
  private static final int OPENED_AT_ONCE = 100;
  private static final AtomicLong EVENTS = new AtomicLong();

  private EventStreamBenchmark() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      read(Integer.parseInt(args[0]), args[1]);
    } else {
      serve();
    }
  }

  private static void serve() throws Exception {
    try (RunningGateway gateway =
        RunningGateway.start(
            "http: {host: 127.0.0.1, port: 0, maxConnections: 100000}\n"
                + "countdown: {maxStreams: 100000}\n")) {
      String link =
          RunningGateway.json(gateway.initFor("Test Kumar"))
              .getJsonObject("countdown")
              .getString("url");
      long empty = usedHeap();
      Process readers =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx2g",
                  "-Dstreams=" + STREAMS,
                  "-Dstalled=" + STALLED,
                  "-Dseconds=" + SECONDS,
                  "-cp",
                  System.getProperty("java.class.path"),
                  EventStreamBenchmark.class.getName(),
                  Integer.toString(gateway.port()),
                  link)
              .redirectError(new File("/dev/null"))
              .start();
      OperatingSystemMXBean system =
          (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(readers.getInputStream(), StandardCharsets.UTF_8))) {
        long cpu = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("begin")) {
            System.out.printf(
                "%s: %.1f KiB of heap per stream%n", line, (usedHeap() - empty) / 1024.0 / STREAMS);
            cpu = system.getProcessCpuTime();
          } else {
            double share = (system.getProcessCpuTime() - cpu) / 1e7 / SECONDS;
            System.out.printf("%s; gateway %.1f %% of one core%n", line, share);
          }
        }
      } finally {
        readers.destroy();
      }
    }
  }

  private static void read(int port, String link) throws Exception {
    Vertx readers = Vertx.vertx();
    List<NetSocket> open = new ArrayList<>(open(readers, port, link, STREAMS, false));
    measure("all reading");
    open.addAll(open(readers, port, link, STALLED, true));
    measure(STALLED + " more that never read");
    System.exit(open.size() == STREAMS + STALLED ? 0 : 1);
  }

  private static void measure(String name) throws Exception {
    System.out.println("begin, " + name);
    long begun = System.nanoTime();
    long events = EVENTS.get();
    TimeUnit.SECONDS.timedJoin(Thread.currentThread(), SECONDS);
    double elapsed = (System.nanoTime() - begun) / 1e9;
    System.out.printf("%s: %.0f ticks/s%n", name, (EVENTS.get() - events) / elapsed);
  }

  private static List<NetSocket> open(
      Vertx readers, int port, String link, int count, boolean stalled) throws Exception {
    NetClient client =
        readers.createNetClient(new NetClientOptions().setReceiveBufferSize(stalled ? 4096 : -1));
    String request =
        "GET " + link + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
    List<NetSocket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i += OPENED_AT_ONCE) {
      List<Future<NetSocket>> batch = new ArrayList<>();
      for (int j = i; j < Math.min(count, i + OPENED_AT_ONCE); j++) {
        batch.add(client.connect(port, "127.0.0.1"));
      }
      for (Future<NetSocket> connecting : batch) {
        NetSocket socket =
            connecting.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        if (stalled) {
          socket.pause();
        } else {
          socket.handler(bytes -> EVENTS.incrementAndGet());
        }
        socket.write(request);
        sockets.add(socket);
      }
    }
    return sockets;
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
