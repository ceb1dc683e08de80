package infopass.gateway;

import static infopass.gateway.RunningGateway.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.Journal;
import io.vertx.core.MultiMap;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of a request reaches the partner: the body's bytes and eight named headers. */
@Timeout(60)
class PartnerRequestIT {
  private static final Set<String> SENT =
      Set.of(
          "accept",
          "accept-encoding",
          "authorization",
          "content-length",
          "content-type",
          "host",
          "traceparent",
          "user-agent",
          "x-correlation-id");
  private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT_ID = "00f067aa0ba902b7";

  private static final String OTHER_HEADERS =
      String.join(
          "\r\n",
          "Cookie: session=secret",
          "X-Forwarded-For: 203.0.113.9",
          "Forwarded: for=203.0.113.9",
          "Via: 1.1 proxy.example",
          "Accept: text/html",
          "Accept-Encoding: gzip, br",
          "Accept-Language: hi",
          "User-Agent: callers/1.0",
          "Idempotency-Key: \"k\"",
          "Prefer: wait=9",
          "X-Api-Key: secret",
          "Referer: https://shop.example/",
          "Origin: https://shop.example",
          "tracestate: vendor=1",
          "baggage: user=asha",
          "traceparent: 00-" + TRACE_ID + "-" + PARENT_ID + "-01",
          "");

  private static FakePartner partner;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() {
    partner = new FakePartner();
    gateway =
        RunningGateway.startAgainst(partner.uri(), "infopass: {userAgent: 'our gateway/1.0'}");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    partner.close();
  }

  private static FakePartner.Held sent(String correlationId, String headers, byte[] body)
      throws Exception {
    // A key of its own for each: a repetition would be answered without a call.
    String own = headers.replace("\"k\"", "\"" + correlationId + "\"");
    try (Socket caller = Callers.init(gateway, correlationId, own, body)) {
      FakePartner.Held held = await(partner.arrival(correlationId));
      held.grant();
      // Until the answer is there, so that nobody takes the caller for gone.
      assertTrue(caller.getInputStream().read() > 0);
      return held;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theNamedHeadersAreSentAndNoOtherOfTheCallers() throws Exception {
    // When
    FakePartner.Held held = sent("headers-1", OTHER_HEADERS, bytes(RunningGateway.SEED));

    // Then
    MultiMap headers = held.request().headers();
    Set<String> names = new TreeSet<>();
    headers.names().forEach(name -> names.add(name.toLowerCase(java.util.Locale.ROOT)));
    assertEquals(new TreeSet<>(SENT), names);
    assertEquals(SENT.size(), headers.size());
    assertEquals("POST", held.request().method().name());
    assertEquals("/api/v1/in/digilocker/init", held.request().uri());
    assertEquals(RunningGateway.basic("user", "pass"), headers.get("Authorization"));
    assertEquals("application/json", headers.get("Content-Type"));
    assertEquals("application/json", headers.get("Accept"));
    assertEquals("identity", headers.get("Accept-Encoding"));
    assertEquals("our gateway/1.0", headers.get("User-Agent"));
    assertEquals("headers-1", headers.get("X-Correlation-Id"));
    assertEquals(partner.uri().getAuthority(), headers.get("Host"));
  }

  @Test
  void theTraceGoesOnUnderANewParent() throws Exception {
    // When
    String known =
        sent("trace-1", OTHER_HEADERS, bytes(RunningGateway.SEED))
            .request()
            .getHeader("traceparent");
    String invalid =
        sent("trace-2", "traceparent: 00-zz-00-00\r\n", bytes(RunningGateway.SEED))
            .request()
            .getHeader("traceparent");

    // Then
    assertTrue(known.matches("00-" + TRACE_ID + "-[0-9a-f]{16}-01"), known);
    assertNotEquals(PARENT_ID, known.substring(36, 52));
    assertTrue(invalid.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"), invalid);
    assertFalse(invalid.contains(TRACE_ID));
  }

  @Test
  void theBodyIsSentByteForByte() throws Exception {
    List<String> bodies =
        List.of(
            RunningGateway.SEED,
            " \r\n\t" + RunningGateway.SEED + "\n ",
            RunningGateway.SEED.replace("\":", "\" :\n "),
            RunningGateway.SEED.replace("Test", "T\\u0065st \\/ \\ud83d\\ude00"),
            RunningGateway.body("नमस्ते \uD83D\uDE00"),
            RunningGateway.SEED.replaceFirst(
                "}$",
                ",\"n\":1.0,\"big\":1e999999999,\"deep\":{\"z\":[1,{\"a\":null}]},\"a\":6.00}"));
    for (int i = 0; i < bodies.size(); i++) {
      byte[] body = bytes(bodies.get(i));

      FakePartner.Held held = sent("body-" + i, "", body);

      assertArrayEquals(body, held.body().getBytes(), bodies.get(i));
      assertEquals(Integer.toString(body.length), held.request().getHeader("Content-Length"));
    }
  }

  @Test
  void theSandboxSeesTheSameHeaders() {
    try (RunningGateway withSandbox = RunningGateway.start()) {
      // When
      withSandbox.send(
          withSandbox.init(RunningGateway.SEED).header("Cookie", "a=b").header("X-More", "c"));

      // Then
      Journal.Entry entry = withSandbox.journal().entries().get(0);
      assertEquals(new TreeSet<>(SENT), new TreeSet<>(entry.headers()));
      assertEquals("infopass-gateway", entry.userAgent());
    }
  }
}
