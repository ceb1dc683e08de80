package infopass.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RequestFramingTest {
  private static final int MAX_LINE = 100;
  private static final int MAX_FIELDS = 200;

  private static final List<String> REQUESTS =
      List.of(
          "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
          "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
          "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
          "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n0123456789"
              + "\r\n0\r\nX: y\r\n\r\n",
          "\r\nPOST /d HTTP/1.0\r\nContent-Length: 23\r\n\r\nGET / HTTP/1.1\r\nHost: a");

  /** Lets all of it through, in pieces of these sizes; the requests that were told apart. */
  private static List<String> split(String bytes, RandomGenerator random, int largest) {
    RequestFraming framing = new RequestFraming(MAX_LINE, MAX_FIELDS);
    ByteBuf in = Unpooled.buffer();
    List<String> requests = new ArrayList<>();
    StringBuilder request = new StringBuilder();
    int fed = 0;
    while (fed < bytes.length()) {
      int more = Math.min(bytes.length() - fed, random.nextInt(1, largest + 1));
      in.writeBytes(bytes.substring(fed, fed + more).getBytes(ISO_8859_1));
      fed += more;
      int taken = 1;
      while (in.isReadable() && taken > 0) {
        if (framing.finished()) {
          framing.next();
        }
        taken = framing.take(in);
        assertNull(framing.fault());
        request.append(in.readCharSequence(taken, ISO_8859_1));
        if (framing.finished()) {
          requests.add(request.toString());
          request.setLength(0);
        }
      }
    }
    return requests;
  }

  @Test
  void tellsRequestsApartHoweverTheyAreCut() {
    for (long seed = 0; seed < 500; seed++) {
      // Given
      RandomGenerator random = new Random(seed);
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        sent.add(REQUESTS.get(random.nextInt(REQUESTS.size())));
      }

      // Then
      assertEquals(
          sent, split(String.join("", sent), random, 1 + (int) (seed % 60)), "seed " + seed);
    }
  }

  @Test
  void nothingOfAHeadPassesBeforeItsEnd() {
    RequestFraming framing = new RequestFraming(MAX_LINE, MAX_FIELDS);
    framing.next();
    String head = REQUESTS.get(0);
    ByteBuf in = Unpooled.buffer();
    for (int i = 0; i < head.length() - 1; i++) {
      in.writeByte(head.charAt(i));
      assertEquals(0, framing.take(in));
      assertTrue(framing.inHead());
    }
    in.writeByte('\n');
    assertEquals(head.length(), framing.take(in));
    assertTrue(framing.finished());
  }

  private static Exception faultOf(String bytes) {
    RequestFraming framing = new RequestFraming(MAX_LINE, MAX_FIELDS);
    framing.next();
    ByteBuf in = Unpooled.copiedBuffer(bytes, ISO_8859_1);
    int taken = 1;
    while (taken > 0 && framing.fault() == null && !framing.finished()) {
      taken = framing.take(in);
      in.skipBytes(taken);
    }
    return framing.fault();
  }

  @Test
  void limitsHoldToTheByteAndBeforeTheEndOfALine() {
    String target = "/" + "a".repeat(MAX_LINE - "GET / HTTP/1.1".length());
    assertNull(faultOf("GET " + target + " HTTP/1.1\r\n\r\n"));
    assertEquals(
        TooLongHttpLineException.class, faultOf("GET " + target + "a HTTP/1.1\r\n").getClass());
    // No target, but a method that is longer than any.
    assertEquals(Refusal.class, faultOf("a".repeat(MAX_LINE + 1)).getClass());
    String field = "X: " + "a".repeat(MAX_FIELDS - 3);
    assertNull(faultOf("GET / HTTP/1.1\r\n" + field + "\r\n\r\n"));
    assertEquals(
        TooLongHttpHeaderException.class, faultOf("GET / HTTP/1.1\r\n" + field + "a").getClass());
    String chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    assertNull(faultOf(chunked + "0\r\n" + field + "\r\n\r\n"));
    assertEquals(
        TooLongHttpHeaderException.class,
        faultOf(chunked + "0\r\n" + field + "\r\nX: y\r\n").getClass());
    assertNotNull(faultOf(chunked + "5;" + "a".repeat(300)));
  }

  @Test
  void whatJustFitsFitsInWhateverPiecesItComes() {
    String line = "GET /" + "a".repeat(MAX_LINE - 14) + " HTTP/1.1\r\n";
    String field = "X: " + "a".repeat(MAX_FIELDS - 3) + "\r\n";
    String request = line + field + "\r\n";
    assertEquals(MAX_LINE + 2, line.length());
    assertEquals(List.of(request), split(request, new Random(1), 1));
  }

  @Test
  void refusesExtensionsOfChunksOnWhichTheCodecFails() {
    String size = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5";
    for (String extension :
        List.of(
            ";",
            ";;a",
            ";=y",
            ";a=",
            ";a=;b",
            ";a b",
            ";a=b c",
            ";a=b ;c",
            ";a=b=c",
            ";a=https://y",
            ";\u00e9=y",
            ";a=\u00e9",
            ";a=\"\u00e9\"",
            ";a=\"b",
            ";a=\"b\\\"",
            ";a=\"b\"c",
            ";a=\"\u0001\"",
            ";a=\"\\\u007f\"",
            " x")) {
      assertNotNull(faultOf(size + extension + "\r\n"), extension);
    }
    for (String extension :
        List.of("", ";a", "\t; a = b", ";a=b;c", ";a ;b", ";a=\"b;\\\"=c\";d", ";a=\"\"")) {
      assertNull(faultOf(size + extension + "\r\n"), extension);
    }
  }

  @Test
  void noBytesMakeItTakeMoreThanThereAreOrGoOnAfterAFault() {
    String letters = "GET/ HTP1.\r\n:\r\n\r\n09afContentLghTrsfEcdi;=\0\u007f\u00ff";
    for (long seed = 0; seed < 5_000; seed++) {
      // Given: right requests with bytes that are wrong
      RandomGenerator random = new Random(seed);
      StringBuilder bytes = new StringBuilder(REQUESTS.get(random.nextInt(REQUESTS.size())));
      for (int i = random.nextInt(6); i > 0; i--) {
        bytes.insert(
            random.nextInt(bytes.length()), letters.charAt(random.nextInt(letters.length())));
      }
      RequestFraming framing = new RequestFraming(MAX_LINE, MAX_FIELDS);
      ByteBuf in = Unpooled.copiedBuffer(bytes, ISO_8859_1);

      // Then
      int turns = 0;
      int taken = 1;
      while (in.isReadable() && taken > 0 && framing.fault() == null) {
        if (framing.finished()) {
          framing.next();
        }
        taken = framing.take(in);
        assertTrue(taken >= 0 && taken <= in.readableBytes(), "seed " + seed);
        assertTrue(framing.fault() == null || taken == 0, "seed " + seed);
        in.skipBytes(taken);
        assertTrue(++turns < 200, "seed " + seed);
      }
    }
  }
}
