package infopass.gateway.countdown;

import infopass.gateway.RunningGateway;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many open event streams at one tick a second in one process, with some readers that never read:
 * processor share of the gateway's event loops, memory per stream, ticks delivered. The readers
 * live in this process too, on event loops of their own, whose time is not counted. Run on demand,
 * see the performance document.
 */
public final class EventStreamBenchmark {
  private static final int STREAMS = Integer.getInteger("streams", 10_000);
  private static final int STALLED = Integer.getInteger("stalled", 100);
  private static final int SECONDS = Integer.getInteger("seconds", 20);
  private static final int OPENED_AT_ONCE = 200;

  private static final AtomicLong EVENTS = new AtomicLong();

  private EventStreamBenchmark() {}

  public static void main(String[] args) throws Exception {
    try (RunningGateway gateway =
        RunningGateway.start(
            "http: {host: 127.0.0.1, port: 0, maxConnections: 100000}\n"
                + "countdown: {maxStreams: 100000}\nlogging: {level: warn}\n")) {
      String link =
          RunningGateway.json(gateway.initFor("Test Kumar"))
              .getJsonObject("countdown")
              .getString("url");
      List<Long> loops = eventLoops();
      Vertx readers = Vertx.vertx();
      long empty = usedMemory();
      List<NetSocket> open = new ArrayList<>();
      measure("no stream", gateway, loops, 5);
      open.addAll(open(readers, gateway.port(), link, STREAMS, false));
      long full = usedMemory();
      System.out.printf(
          "%,d streams: %.1f KiB of heap each, both ends%n",
          STREAMS, (full - empty) / 1024.0 / STREAMS);
      measure("all reading", gateway, loops, SECONDS);
      open.addAll(open(readers, gateway.port(), link, STALLED, true));
      measure(STALLED + " more that never read", gateway, loops, SECONDS);
      System.out.println(new JsonObject().put("stillOpen", open.size()).encode());
      readers.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
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

  private static void measure(String name, RunningGateway gateway, List<Long> loops, int seconds)
      throws Exception {
    long cpu = cpuOf(loops);
    long events = EVENTS.get();
    long begun = System.nanoTime();
    Future<Long> over = gateway.vertx().timer(seconds * 1000L).map(0L);
    over.toCompletionStage().toCompletableFuture().get(seconds + 30L, TimeUnit.SECONDS);
    double elapsed = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        "%s: gateway's event loops %.1f %% of one core, %.0f ticks/s%n",
        name, (cpuOf(loops) - cpu) / 1e7 / elapsed, (EVENTS.get() - events) / elapsed);
  }

  private static long cpuOf(List<Long> loops) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return loops.stream().mapToLong(id -> Math.max(0, threads.getThreadCpuTime(id))).sum();
  }

  /** Those that exist now: called before the readers have any. */
  private static List<Long> eventLoops() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    List<Long> ids = new ArrayList<>();
    for (long id : threads.getAllThreadIds()) {
      var info = threads.getThreadInfo(id);
      if (info != null && info.getThreadName().contains("eventloop")) {
        ids.add(id);
      }
    }
    return ids;
  }

  private static long usedMemory() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
