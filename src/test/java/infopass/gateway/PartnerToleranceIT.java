package infopass.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of the partner that are right, if unusual, and those that are not. */
@Timeout(60)
class PartnerToleranceIT {
  private static final String CONFIG = "infopass: {retry: {maxAttempts: 1}}";
  private static final String LINK = FakePartner.LINK;

  private static HttpResponse<String> answeredWith(String fields, byte[] body) {
    String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + fields + "\r\n\r\n";
    try (ScriptedPartner partner =
            new ScriptedPartner(
                (request, connection, out) -> {
                  out.write(head.getBytes(ISO_8859_1));
                  out.write(body);
                  out.flush();
                });
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), CONFIG)) {
      return gateway.initFor("Test Kumar");
    }
  }

  private static HttpResponse<String> answeredWith(String document) {
    byte[] body = document.getBytes(UTF_8);
    return answeredWith("Content-Length: " + body.length, body);
  }

  private static HttpResponse<String> encoded(String coding, byte[] body) {
    return answeredWith("Content-Encoding: " + coding + "\r\nContent-Length: " + body.length, body);
  }

  private interface Coder {
    OutputStream around(OutputStream out) throws IOException;
  }

  private static byte[] coded(String document, Coder coder) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream in = coder.around(out)) {
      in.write(document.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static Stream<Arguments> codings() {
    Coder raw = out -> new DeflaterOutputStream(out, new Deflater(9, true));
    return Stream.of(
        Arguments.of("gzip", coded(LINK, GZIPOutputStream::new)),
        Arguments.of("X-GZIP", coded(LINK, GZIPOutputStream::new)),
        Arguments.of("deflate", coded(LINK, DeflaterOutputStream::new)),
        Arguments.of("deflate", coded(LINK, raw)),
        Arguments.of("identity", LINK.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @MethodSource("codings")
  void decodesWhatItDidNotAskFor(String coding, byte[] body) {
    HttpResponse<String> response = encoded(coding, body);

    assertEquals(200, response.statusCode(), response.body());
    assertEquals("t", RunningGateway.json(response).getJsonObject("data").getString("token"));
    assertTrue(response.headers().firstValue("Content-Encoding").isEmpty());
  }

  @Test
  void decodesWithinBounds() {
    String large = LINK.replace("Record", "R" + " ".repeat(70_000));
    for (byte[] body :
        new byte[][] {coded(large, GZIPOutputStream::new), "no gzip".getBytes(UTF_8)}) {
      JsonObject problem = Problems.check(encoded("gzip", body), 502, "upstream-malformed");
      assertEquals("unknown", problem.getString("outcome"));
    }
    Problems.check(encoded("br", LINK.getBytes(UTF_8)), 502, "upstream-malformed");
  }

  static Stream<String> unusualButRight() {
    String deep = "[".repeat(100) + "]".repeat(100);
    return Stream.of(
        "\ufeff" + LINK,
        LINK.replaceFirst("\\{", "{\"note\":1,\"note\":2,"),
        LINK.replaceFirst("\\{", "{\"deep\":" + deep + ","),
        LINK.replace("\"token\":", "\"x\":{\"a\":1,\"a\":2},\"x\":" + deep + ",\"token\":"),
        LINK.replaceFirst("\\{", "{\"countdown\":1,\"countdown\":" + deep + ","),
        LINK.replace("600", "\"600\""));
  }

  @ParameterizedTest
  @MethodSource("unusualButRight")
  void readsWhatIsRightIfUnusual(String document) {
    HttpResponse<String> response = answeredWith(document);

    assertEquals(200, response.statusCode(), response.body());
    JsonObject answer = RunningGateway.json(response);
    assertEquals("t", answer.getJsonObject("data").getString("token"));
    assertEquals(600, remaining(answer), 5);
  }

  private static long remaining(JsonObject answer) {
    return answer.getJsonObject("countdown").getLong("remainingSeconds");
  }

  static Stream<String> ambiguous() {
    return Stream.of(
        LINK.replace("\"token\":", "\"token\":\"other\",\"token\":"),
        LINK.replaceFirst("\\{", "{\"status\":\"FAILURE\","),
        LINK.replaceFirst("\\{", "{\"data\":{},"),
        LINK.replace("600", "\"+600\""),
        LINK.replace("600", "\"600 \""),
        LINK.replace("600", "\"\uff16\uff10\uff10\""),
        LINK.replace("600", "\"6e2\""),
        LINK.replace("SUCCESS", "success"),
        LINK.replace("SUCCESS", "PENDING"),
        LINK.replace("\"SUCCESS\"", "true"));
  }

  @ParameterizedTest
  @MethodSource("ambiguous")
  void doesNotKnowWhatBecameOfWhatCannotBeReadInOneWay(String document) {
    JsonObject problem = Problems.check(answeredWith(document), 502, "upstream-malformed");
    assertEquals("unknown", problem.getString("outcome"));
  }

  @Test
  void isRejectedWhereThereIsNoLink() {
    String refusal = "{\"code\":\"0x0422\",\"message\":\"No.\",\"status\":\"FAILURE\",\"data\":{}}";
    JsonObject problem = Problems.check(answeredWith(refusal), 422, "upstream-rejected");
    assertEquals("rejected", problem.getString("outcome"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"xchunked", "identity", "gzip, chunked", "chunked, chunked"})
  void refusesAnAnswerWhoseLengthIsAmbiguous(String coding) {
    byte[] body = LINK.getBytes(UTF_8);
    String length = "\r\nContent-Length: " + body.length;
    JsonObject problem =
        Problems.check(
            answeredWith("Transfer-Encoding: " + coding + length, body), 502, "upstream-malformed");
    assertEquals("unknown", problem.getString("outcome"));
  }

  @Test
  void countsTheFindings() {
    try (ScriptedPartner partner =
            new ScriptedPartner(
                (request, connection, out) ->
                    ScriptedPartner.write(
                        out,
                        request == 1
                            ? ScriptedPartner.link(request)
                            : ScriptedPartner.link(request).replace("SUCCESS", "success")));
        RunningGateway gateway = RunningGateway.startAgainst(partner.uri(), CONFIG)) {
      // When
      assertEquals(200, gateway.initFor("Test Kumar").statusCode());
      assertEquals(502, gateway.initFor("Test Kumar").statusCode());

      // Then
      String metrics = gateway.getManagement("/metrics").body();
      assertTrue(metrics.contains("gateway_token_findings_total{finding=\"token_format\"} 1.0"));
      assertTrue(metrics.contains("gateway_token_findings_total{finding=\"drift\"} 1.0"));
    }
  }
}
