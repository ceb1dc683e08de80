package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** The clients of {@link HostileClientsRehearsal}, in a process of their own. */
final class HostileClients {
  private static final int EACH = Integer.getInteger("rehearsal.each", 1_000);
  private static final int PIPELINING = Integer.getInteger("rehearsal.pipelining", 200);
  private static final int OPENED_AT_ONCE = 50;
  private static final int PATIENCE_SECONDS = 30;

  private static final Buffer PIPELINED =
      Buffer.buffer("GET /problems/not-found HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(500));

  private final Vertx vertx = Vertx.vertx();
  private final NetClient client = vertx.createNetClient();
  private final int plainPort;
  private final int tlsPort;

  private HostileClients(int plainPort, int tlsPort) {
    this.plainPort = plainPort;
    this.tlsPort = tlsPort;
  }

  public static void main(String[] args) throws Exception {
    HostileClients clients =
        new HostileClients(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    clients.pipeline();
    clients.attack();
    System.exit(0);
  }

  /** One kind of client: how it begins, what it goes on sending each second. */
  private final class Kind {
    private final String name;
    private final NetClient from;
    private final int port;
    private final BiConsumer<NetSocket, Integer> each;
    private final AtomicLong longest = new AtomicLong();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(EACH);

    /**
     * @param each called at the beginning with 0, and then each second with one more
     */
    Kind(String name, NetClient from, int port, BiConsumer<NetSocket, Integer> each) {
      this.name = name;
      this.from = from;
      this.port = port;
      this.each = each;
    }

    Future<Void> open() {
      return from.connect(port, "127.0.0.1")
          .onSuccess(this::opened)
          .onFailure(
              cause -> {
                failed.incrementAndGet();
                closed.countDown();
              })
          .mapEmpty();
    }

    private void opened(NetSocket socket) {
      long begun = System.nanoTime();
      int[] second = {0};
      long timer = vertx.setPeriodic(1_000, tick -> each.accept(socket, second[0] = second[0] + 1));
      socket.exceptionHandler(reset -> {});
      socket.handler(
          bytes -> {
            if (bytes.toString().startsWith("HTTP/1.1 408 ")) {
              refused.incrementAndGet();
            }
          });
      socket.closeHandler(
          end -> {
            vertx.cancelTimer(timer);
            longest.accumulateAndGet(System.nanoTime() - begun, Math::max);
            closed.countDown();
          });
      each.accept(socket, 0);
    }

    void report() throws InterruptedException {
      closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      System.out.printf(
          "%-14s %s of %s closed, the last after %.1f s; %s answered 408; %s not connected%n",
          name, EACH - closed.getCount(), EACH, longest.get() / 1e9, refused.get(), failed.get());
    }
  }

  private void attack() throws Exception {
    NetClient secure =
        vertx.createNetClient(
            new NetClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setApplicationLayerProtocols(List.of("h2"))
                .setTrustAll(true)
                .setHostnameVerificationAlgorithm(""));
    NetClient narrow = vertx.createNetClient(new NetClientOptions().setReceiveBufferSize(4_096));
    byte[] head = RawInit.seed().head();
    byte[] body = RawInit.seed().content();
    byte[] hello = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc};
    List<Kind> kinds =
        new ArrayList<>(
            List.of(
                new Kind("slow headers", client, plainPort, (s, i) -> s.write(one(head, i))),
                new Kind(
                    "slow body",
                    client,
                    plainPort,
                    (s, i) -> s.write(i == 0 ? Buffer.buffer(head) : one(body, i))),
                new Kind(
                    "half hello",
                    client,
                    tlsPort,
                    (s, i) -> {
                      if (i == 0) {
                        s.write(Buffer.buffer(hello));
                      }
                    }),
                new Kind(
                    "half preface",
                    secure,
                    tlsPort,
                    (s, i) -> {
                      if (i < 12) {
                        s.write(one("PRI * HTTP/2.0\r\n".getBytes(ISO_8859_1), i));
                      }
                    }),
                new Kind("idle", client, plainPort, (s, i) -> {}),
                new Kind("never reading", narrow, plainPort, HostileClients::pipelined)));
    String only = System.getProperty("rehearsal.kinds", "");
    kinds.removeIf(kind -> !kind.name.contains(only));
    for (Kind kind : kinds) {
      System.out.println("attack by " + kind.name);
      for (int i = 0; i < EACH; i += OPENED_AT_ONCE) {
        List<Future<Void>> batch = new ArrayList<>();
        for (int k = i; k < Math.min(EACH, i + OPENED_AT_ONCE); k++) {
          batch.add(kind.open());
        }
        Future.join(batch)
            .otherwiseEmpty()
            .toCompletionStage()
            .toCompletableFuture()
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
      kind.report();
    }
  }

  private static Buffer one(byte[] bytes, int at) {
    return Buffer.buffer(Arrays.copyOfRange(bytes, at, at + 1));
  }

  private static void pipelined(NetSocket socket, int second) {
    socket.pause();
    if (!socket.writeQueueFull()) {
      socket.write(PIPELINED);
    }
  }

  private void pipeline() throws Exception {
    System.out.println("before pipelining");
    List<NetSocket> sockets = new ArrayList<>();
    for (int i = 0; i < PIPELINING; i++) {
      NetSocket socket =
          client
              .connect(plainPort, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      socket.exceptionHandler(cut -> {});
      sockets.add(socket);
    }
    CountDownLatch sent = new CountDownLatch(1);
    long timer = vertx.setPeriodic(10, tick -> sockets.forEach(socket -> pipelined(socket, 0)));
    // Long enough to fill all buffers, and short enough not to be cut.
    sent.await(5, TimeUnit.SECONDS);
    System.out.println("pipelining " + PIPELINING);
    vertx.cancelTimer(timer);
    sockets.forEach(NetSocket::close);
    sent.await(5, TimeUnit.SECONDS);
  }
}
