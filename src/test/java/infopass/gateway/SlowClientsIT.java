package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that take their time, some dozens at once: each is ended, and the others are served. */
@Timeout(60)
class SlowClientsIT {
  private static final int CALLERS = 30;
  private static final int REQUEST_MILLIS = 800;

  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        RunningGateway.start(
            "http: {host: 127.0.0.1, port: 0, requestTimeout: 800ms, idleTimeout: 2s}");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  /** Sends these bytes one by one until there is an answer or an end; how long that took. */
  private static long drip(RawHttp connection, byte[] bytes) {
    long begun = System.nanoTime();
    for (int i = 0; i < bytes.length && connection.quiet(50); i++) {
      connection.send(new byte[] {bytes[i]});
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
  }

  @Test
  void aHeadThatDripsIsAnswered408() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      long millis = drip(connection, RawInit.seed().head());
      RawHttp.Answer answer = connection.answer();
      Problems.check(answer, 408, "request-timeout");
      assertTrue(answer.closes());
      assertEquals("", connection.untilClosed());
      assertTrue(millis < REQUEST_MILLIS + 3_000, millis + " ms");
    }
  }

  @Test
  void aBodyThatDripsIsAnswered408() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      connection.send(RawInit.seed().head());
      long millis = drip(connection, RawInit.seed().content());
      Problems.check(connection.answer(), 408, "request-timeout");
      assertTrue(millis < REQUEST_MILLIS + 3_000, millis + " ms");
    }
  }

  @Test
  void aSecondHeadIsNotGivenMoreTimeThanTheFirst() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      connection.send(RawInit.seed().bytes());
      assertEquals(200, connection.answer().status());
      drip(connection, RawInit.seed().head());
      Problems.check(connection.answer(), 408, "request-timeout");
    }
  }

  @Test
  void whoIsSilentIsEndedWithoutAWord() {
    List<RawHttp> silent = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      silent.add(RawHttp.to(gateway.port()));
    }
    RawHttp served = RawHttp.to(gateway.port()).send(RawInit.seed().bytes());
    assertEquals(200, served.answer().status());
    silent.add(served);
    // Blank lines are no request, before the first nor after one.
    silent.add(RawHttp.to(gateway.port()).send("\r\n"));
    RawHttp blank = RawHttp.to(gateway.port()).send(RawInit.seed().bytes()).send("\r\n");
    assertEquals(200, blank.answer().status());
    silent.add(blank);
    for (RawHttp connection : silent) {
      assertEquals("", connection.untilClosed());
      connection.close();
    }
  }

  @Test
  void whoWaitsForAnAnswerIsNotIdle() {
    try (RawHttp connection = RawHttp.to(gateway.port())) {
      // Given: a partner that takes longer than a connection may be idle
      connection.send(RawInit.seed().body(RunningGateway.body("Slow 2800")).bytes());

      // Then
      assertEquals(200, connection.answer().status());
      assertEquals("", connection.untilClosed(), "and idle it is ended");
    }
  }

  @Test
  void whoPipelinesAndNeverReadsIsNotReadEitherAndEnded() throws IOException {
    // Given
    byte[] request = "GET /problems/not-found HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1);
    ByteBuffer thousand = ByteBuffer.allocate(1_000 * request.length);
    for (int i = 0; i < 1_000; i++) {
      thousand.put(request);
    }
    thousand.flip();
    List<SocketChannel> callers = new ArrayList<>();
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < CALLERS; i++) {
        SocketChannel caller = SocketChannel.open();
        caller.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
        caller.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
        caller.configureBlocking(false);
        caller.register(selector, SelectionKey.OP_WRITE, thousand.duplicate());
        callers.add(caller);
      }

      // When: they send as much as is taken, until they are cut
      long sent = 0;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!selector.keys().isEmpty() && System.nanoTime() < end) {
        selector.select(100);
        for (SelectionKey key : selector.selectedKeys()) {
          ByteBuffer rest = (ByteBuffer) key.attachment();
          if (!rest.hasRemaining()) {
            rest.rewind();
          }
          try {
            sent += ((SocketChannel) key.channel()).write(rest);
          } catch (IOException cut) {
            key.cancel();
          }
        }
        selector.selectedKeys().clear();
      }

      // Then
      assertEquals(0, selector.keys().size(), "still open");
      // Most of it lies in the system's buffers.
      assertTrue(sent < CALLERS * 8L * 1_024 * 1_024, "took " + sent);
    } finally {
      for (SocketChannel caller : callers) {
        caller.close();
      }
    }
    assertEquals(200, gateway.initFor("Test Kumar").statusCode());
  }

  @Test
  void anInitThatComesMeanwhileIsServed() {
    List<RawHttp> slow = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      slow.add(RawHttp.to(gateway.port()).send("POST /"));
      slow.add(RawHttp.to(gateway.port()).send(RawInit.seed().head()));
    }
    for (int i = 0; i < 20; i++) {
      assertEquals(200, gateway.initFor("Test Kumar").statusCode());
    }
    for (RawHttp connection : slow) {
      Problems.check(connection.answer(), 408, "request-timeout");
      connection.close();
    }
  }
}
