package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 frames that cost the sender nothing: a flood of them ends in GOAWAY. */
@Timeout(120)
class Http2FloodIT {
  private static final int ENHANCE_YOUR_CALM = 0xb;
  private static final int ENDS = RawHttp2.END_HEADERS | RawHttp2.END_STREAM;
  private static final int PROTOCOL_ERROR = 1;
  private static final int REFUSED = 7;
  private static final String PAGE = "/problems/not-found";

  @TempDir private static Path directory;

  private static RunningGateway gateway;
  private static SSLContext tls;

  @BeforeAll
  static void start() {
    TestCertificates.Made made = new TestCertificates(directory).loopback("public");
    tls = TestCertificates.context(made, null);
    gateway =
        RunningGateway.start(
            "http: {host: 127.0.0.1, port: 0, tls: {certificate: '%s', key: '%s'}}"
                .formatted(made.certificate(), made.key()));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private record Flood(String what, IntFunction<byte[]> frame) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Flood> floods() {
    byte[] page = RawHttp2.get(PAGE);
    return Stream.of(
        new Flood("PING", i -> RawHttp2.frame(RawHttp2.PING, 0, 0, new byte[8])),
        new Flood("PING, answered", i -> RawHttp2.frame(RawHttp2.PING, 1, 0, new byte[8])),
        new Flood("SETTINGS", i -> RawHttp2.frame(RawHttp2.SETTINGS, 0, 0)),
        new Flood(
            "PRIORITY",
            i -> RawHttp2.frame(RawHttp2.PRIORITY, 0, 2 * i + 1, new byte[] {0, 0, 0, 0, 9})),
        new Flood(
            "WINDOW_UPDATE",
            i -> RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1})),
        new Flood("unknown", i -> RawHttp2.frame(RawHttp2.UNKNOWN, 0, 0, new byte[3])),
        new Flood(
            "rapid reset",
            i ->
                joined(
                    RawHttp2.frame(RawHttp2.HEADERS, ENDS, 2 * i + 1, page),
                    RawHttp2.frame(RawHttp2.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8}))),
        new Flood(
            "empty DATA",
            i ->
                i == 0
                    ? RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, page)
                    : RawHttp2.frame(RawHttp2.DATA, 0, 1)),
        new Flood(
            "CONTINUATION",
            i ->
                i == 0
                    ? RawHttp2.frame(RawHttp2.HEADERS, 0, 1, page)
                    : RawHttp2.frame(RawHttp2.CONTINUATION, 0, 1)),
        // The codec itself passes over frames of a stream that has ended.
        new Flood("WINDOW_UPDATE of the past", i -> past(i, RawHttp2.WINDOW_UPDATE)),
        new Flood("RST_STREAM of the past", i -> past(i, RawHttp2.RST_STREAM)),
        new Flood("unknown of the past", i -> past(i, RawHttp2.UNKNOWN)));
  }

  private static byte[] past(int i, int type) {
    byte[] frame = RawHttp2.frame(type, 0, 1, new byte[] {0, 0, 0, 8});
    return i == 0
        ? joined(RawHttp2.frame(RawHttp2.HEADERS, ENDS, 1, RawHttp2.get(PAGE)), frame)
        : frame;
  }

  @ParameterizedTest
  @MethodSource("floods")
  void aFloodEndsInGoAway(Flood flood) {
    try (RawHttp2 connection = RawHttp2.to(gateway.port(), tls).begin()) {
      // When
      int sent = 0;
      try {
        for (; sent < 20_000; sent += 100) {
          ByteArrayOutputStream hundred = new ByteArrayOutputStream();
          for (int i = sent; i < sent + 100; i++) {
            hundred.writeBytes(flood.frame().apply(i));
          }
          connection.send(hundred.toByteArray());
        }
      } catch (UncheckedIOException closed) {
        // As it should be.
      }

      // Then: it ends, and says why, unless what was still on its way here made that a reset.
      int error = connection.errorAtTheEnd();
      assertTrue(error == ENHANCE_YOUR_CALM || error == -1, "error " + error + " after " + sent);
    }
    assertServes();
  }

  @Test
  void aRequestWithoutOneHostIsReset() {
    for (byte[] fields :
        new byte[][] {
          RawHttp2.fields(
              ":method", "GET", ":scheme", "https", ":path", PAGE, "host", "a", "host", "b"),
          RawHttp2.fields(":method", "GET", ":scheme", "https", ":path", PAGE)
        }) {
      try (RawHttp2 connection = RawHttp2.to(gateway.port(), tls).begin()) {
        connection.send(RawHttp2.frame(RawHttp2.HEADERS, ENDS, 1, fields));
        assertNotNull(connection.await(RawHttp2.RST_STREAM, 1));
      }
    }
    try (RawHttp2 connection = RawHttp2.to(gateway.port(), tls).begin()) {
      byte[] one =
          RawHttp2.fields(":method", "GET", ":scheme", "https", ":path", PAGE, "host", "a");
      connection.send(RawHttp2.frame(RawHttp2.HEADERS, ENDS, 1, one));
      assertNotNull(connection.await(RawHttp2.HEADERS, 1));
    }
  }

  @Test
  void manyRequestsAndTheirWindowUpdatesAreNoFlood() {
    byte[] page = RawHttp2.get(PAGE);
    byte[] update = {0, 0, 16, 0};
    try (RawHttp2 connection = RawHttp2.to(gateway.port(), tls).begin()) {
      for (int stream = 1; stream < 6_000; stream += 2) {
        // When
        connection.send(RawHttp2.frame(RawHttp2.HEADERS, ENDS, stream, page));

        // Then
        assertNotNull(connection.await(RawHttp2.DATA, stream), "stream " + stream);
        connection.send(RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, 0, update));
      }
    }
  }

  @Test
  void aHalfPrefaceIsGivenUp() {
    try (RawHttp2 connection = RawHttp2.to(gateway.port(), tls)) {
      // When
      long begun = System.nanoTime();
      connection.beginHalf();

      // Then
      connection.errorAtTheEnd();
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertTrue(millis <= 15_000, millis + " ms");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFirstHeadThatDoesNotEndIsGivenUp(boolean continued) {
    byte[] page = RawHttp2.get(PAGE);
    byte[] whole = RawHttp2.frame(RawHttp2.HEADERS, continued ? 0 : ENDS, 1, page);
    try (RawHttp2 connection = RawHttp2.to(gateway.port(), tls).begin()) {
      // When: without its last byte, or without what continues it
      long begun = System.nanoTime();
      connection.send(Arrays.copyOf(whole, continued ? whole.length : whole.length - 1));

      // Then
      connection.errorAtTheEnd();
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      assertTrue(millis <= 15_000, millis + " ms");
    }
  }

  @ParameterizedTest
  @CsvSource({
    ":method, GE T",
    ":method, G(T",
    ":path, /a b",
    ":path, /#f",
    ":path, /<a>",
    ":scheme, ja va",
    ":scheme, ftp",
    "accept, ' */*'",
    "accept, '*/* '"
  })
  void aMalformedRequestCostsItsStreamAndNoOther(String name, String value) {
    String[] fields = {
      ":method",
      "GET",
      ":scheme",
      "https",
      ":path",
      PAGE,
      ":authority",
      "localhost",
      "accept",
      "a/b"
    };
    for (int i = 0; i < fields.length; i += 2) {
      fields[i + 1] = fields[i].equals(name) ? value : fields[i + 1];
    }
    try (RawHttp2 connection = RawHttp2.to(gateway.port(), tls).begin()) {
      // When
      connection.send(RawHttp2.frame(RawHttp2.HEADERS, ENDS, 1, RawHttp2.fields(fields)));

      // Then
      RawHttp2.Frame reset = connection.await(RawHttp2.RST_STREAM, 1);
      assertNotNull(reset);
      assertEquals(PROTOCOL_ERROR, reset.payload()[3]);
      connection.send(RawHttp2.frame(RawHttp2.HEADERS, ENDS, 3, RawHttp2.get(PAGE)));
      assertNotNull(connection.await(RawHttp2.DATA, 3));
    }
  }

  @Test
  void streamsBeyondTheLimitAreRefusedAndTheOthersServed() {
    int streams = 120;
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int stream = 1; stream < 2 * streams; stream += 2) {
      all.writeBytes(RawHttp2.init(stream, RunningGateway.body("Slow 300")));
    }
    try (RawHttp2 connection = RawHttp2.to(gateway.port(), tls).begin()) {
      // When: with room for all the answers
      connection.send(RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, 0, new byte[] {0, 16, 0, 0}));
      connection.send(all.toByteArray());

      // Then
      int answered = 0;
      int refused = 0;
      while (answered + refused < streams) {
        RawHttp2.Frame frame = connection.read();
        assertNotNull(frame, answered + " answered, " + refused + " refused");
        answered += frame.type() == RawHttp2.HEADERS ? 1 : 0;
        refused += frame.type() == RawHttp2.RST_STREAM && frame.payload()[3] == REFUSED ? 1 : 0;
      }
      assertEquals(100, answered);
    }
  }

  @Test
  void requestsBehindEightAnswersThatAreNotTakenAreRefused() {
    int streams = 95;
    byte[] noWindow = {0, 4, 0, 0, 0, 0};
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int stream = 1; stream < 2 * streams; stream += 2) {
      all.writeBytes(RawHttp2.frame(RawHttp2.HEADERS, ENDS, stream, RawHttp2.get(PAGE)));
    }
    try (RawHttp2 connection = RawHttp2.to(gateway.port(), tls).begin()) {
      // When: no answer's content is let through
      connection.send(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, noWindow));
      connection.send(all.toByteArray());

      // Then
      int answered = 0;
      int refused = 0;
      while (answered + refused < streams) {
        RawHttp2.Frame frame = connection.read();
        assertNotNull(frame, answered + " answered, " + refused + " refused");
        answered += frame.type() == RawHttp2.HEADERS ? 1 : 0;
        refused += frame.type() == RawHttp2.RST_STREAM && frame.payload()[3] == REFUSED ? 1 : 0;
      }
      assertEquals(8, answered);

      // When: the first answer is taken
      connection.send(RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, 1, new byte[] {0, 1, 0, 0}));
      assertNotNull(connection.await(RawHttp2.DATA, 1));
      int next = 2 * streams + 1;
      connection.send(RawHttp2.frame(RawHttp2.HEADERS, ENDS, next, RawHttp2.get(PAGE)));

      // Then: there is room for another
      RawHttp2.Frame frame = connection.read();
      while (frame != null && frame.stream() != next) {
        frame = connection.read();
      }
      assertNotNull(frame);
      assertEquals(RawHttp2.HEADERS, frame.type());
    }
  }

  @Test
  void manyRequestsInOneReadAreAllAnsweredWhereTheWindowsAreOpen() {
    int streams = 95;
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int stream = 1; stream < 2 * streams; stream += 2) {
      all.writeBytes(RawHttp2.frame(RawHttp2.HEADERS, ENDS, stream, RawHttp2.get(PAGE)));
    }
    try (RawHttp2 connection = RawHttp2.to(gateway.port(), tls).begin()) {
      connection.send(RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, 0, new byte[] {0, 64, 0, 0}));
      connection.send(all.toByteArray());
      for (int answered = 0; answered < streams; ) {
        RawHttp2.Frame frame = connection.read();
        assertNotNull(frame, answered + " answered");
        assertTrue(frame.type() != RawHttp2.RST_STREAM, answered + " answered, then refused");
        answered += frame.type() == RawHttp2.HEADERS ? 1 : 0;
      }
    }
  }

  private static void assertServes() {
    try (RawHttp2 connection = RawHttp2.to(gateway.port(), tls).begin()) {
      connection.send(RawHttp2.frame(RawHttp2.HEADERS, ENDS, 1, RawHttp2.get(PAGE)));
      RawHttp2.Frame answer = connection.await(RawHttp2.HEADERS, 1);
      assertNotNull(answer);
      // The static table's entry for ":status 200", behind a priority where there is one.
      int at = (answer.flags() & 0x20) == 0 ? 0 : 5;
      assertEquals((byte) 0x88, answer.payload()[at]);
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
