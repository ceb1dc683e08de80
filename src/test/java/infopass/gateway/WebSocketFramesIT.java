package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that break RFC 6455: a close with the code that it has for them. */
@Timeout(60)
class WebSocketFramesIT {
  private static final int FINAL = 0x80;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int PING = 9;
  private static final int CLOSE = 8;

  private static RunningGateway gateway;
  private static String link;

  @BeforeAll
  static void start() {
    gateway = RunningGateway.start();
    link =
        RunningGateway.json(gateway.initFor("Test Kumar"))
            .getJsonObject("countdown")
            .getString("url");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private record Broken(String what, byte[] frames, int code) {
    @Override
    public String toString() {
      return what + " -> " + code;
    }
  }

  static Stream<Broken> broken() {
    return Stream.of(
        new Broken("invalid UTF-8", frame(FINAL | TEXT, bytes(0xc3, 0x28)), 1007),
        new Broken("a surrogate", frame(FINAL | TEXT, bytes(0xed, 0xa0, 0x80)), 1007),
        new Broken("half a letter at the end", frame(FINAL | TEXT, bytes(0xc3)), 1007),
        new Broken(
            "invalid over two frames",
            joined(frame(TEXT, bytes(0xc3)), frame(FINAL, bytes(0x28))),
            1007),
        new Broken("reserved bit 1", frame(FINAL | 0x40 | TEXT, bytes('a')), 1002),
        new Broken("reserved bit 2", frame(FINAL | 0x20 | BINARY, bytes('a')), 1002),
        new Broken("reserved bit 3", frame(FINAL | 0x10 | TEXT, bytes('a')), 1002),
        new Broken("an unknown opcode", frame(FINAL | 3, bytes('a')), 1002),
        new Broken("a ping in pieces", frame(9, bytes('a')), 1002),
        new Broken("no mask", bytes(FINAL | TEXT, 1, 'a'), 1002),
        new Broken("nothing to continue", frame(FINAL, bytes('a')), 1002),
        new Broken("a close that nobody may send", frame(FINAL | CLOSE, bytes(0x13, 0x88)), 1002),
        new Broken("another", frame(FINAL | CLOSE, bytes(0xff, 0xff)), 1002),
        new Broken("pings without end", many(frame(FINAL | PING, new byte[0]), 2_000), 1008),
        new Broken("words without end", many(frame(FINAL | TEXT, bytes('a')), 2_000), 1008),
        new Broken("more than is taken", frame(FINAL | BINARY, new byte[5_000]), 1009));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBrokenFrameEndsTheCountdownWithItsCode(Broken broken) {
    try (RawHttp connection = opened()) {
      // When
      connection.send(broken.frames());

      // Then
      assertEquals(broken.code(), closeCode(connection.untilClosed()));
    }
  }

  @Test
  void whatIsRightChangesNothing() {
    try (RawHttp connection = opened()) {
      // When: text over two frames that ends within a letter, and a close
      connection.send(frame(TEXT, bytes('a', 0xc3)));
      connection.send(frame(FINAL, bytes(0xa9)));
      connection.send(frame(FINAL | CLOSE, bytes(1000 >> 8, 1000 & 0xff)));

      // Then
      assertEquals(1000, closeCode(connection.untilClosed()));
    }
  }

  private static RawHttp opened() {
    RawHttp connection = RawHttp.to(gateway.port());
    connection.send(
        "GET "
            + link
            + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    assertEquals(101, connection.answer().status());
    return connection;
  }

  /** The code in the first close frame; the server's frames are short. */
  private static int closeCode(String frames) {
    int at = 0;
    while (at + 1 < frames.length()) {
      int opcode = frames.charAt(at) & 0xf;
      int length = frames.charAt(at + 1) & 0x7f;
      int payload = at + 2;
      if (length == 126) {
        length = frames.charAt(at + 2) << 8 | frames.charAt(at + 3);
        payload += 2;
      }
      if (opcode == CLOSE) {
        assertTrue(length >= 2, "a close without a code");
        return frames.charAt(payload) << 8 | frames.charAt(payload + 1);
      }
      at = payload + length;
    }
    throw new AssertionError("no close in " + frames.getBytes(ISO_8859_1).length + " bytes");
  }

  /** A client's frame, masked. */
  private static byte[] frame(int first, byte[] payload) {
    byte[] mask = {1, 2, 3, 4};
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    frame.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ mask[i % 4]);
    }
    return frame.toByteArray();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] many(byte[] frame, int count) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }
}
