package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.bus.GatewayClient;
import infopass.gateway.bus.InitOptions;
import infopass.gateway.bus.InitReply;
import infopass.gateway.bus.InitRequest;
import infopass.gateway.sandbox.Journal;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a receiver of OTLP gets. Stopping the gateway sends what it still has: no test waits. */
class TracingIT {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";
  private static final String SAMPLED = "00-" + TRACE + '-' + PARENT + "-01";
  private static final String NOT_SAMPLED = "00-" + TRACE + '-' + PARENT + "-00";

  private OtlpReceiver receiver;

  @BeforeEach
  void listen() {
    receiver = new OtlpReceiver();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  private List<OtlpReceiver.Received> of(SpanKind kind) {
    return receiver.spans().stream().filter(span -> span.kind() == kind).toList();
  }

  private OtlpReceiver.Received only(SpanKind kind) {
    List<OtlpReceiver.Received> spans = of(kind);
    assertEquals(1, spans.size(), receiver.spans().toString());
    return spans.get(0);
  }

  private OtlpReceiver.Received attempt(int number) {
    return of(SpanKind.SPAN_KIND_CLIENT).stream()
        .filter(span -> Integer.toString(number).equals(span.attribute("infopass.attempt")))
        .findAny()
        .orElseThrow();
  }

  @Test
  void oneTraceGoesFromTheCallerOverTheBusAndTwoAttemptsToThePartner() {
    // Given
    RunningGateway gateway = RunningGateway.start(receiver.yaml(0));
    List<Journal.Entry> asked;

    // When
    try (gateway) {
      HttpResponse<String> answer =
          gateway.send(
              gateway
                  .init(RunningGateway.body("Flaky 1 503 0 one trace"))
                  .header("X-Correlation-Id", "trace-1")
                  .header("traceparent", SAMPLED));
      assertEquals(200, answer.statusCode(), answer.body());
      asked = gateway.journal().entries();
    }

    // Then
    assertEquals(4, receiver.spans().size(), receiver.spans().toString());
    OtlpReceiver.Received server = only(SpanKind.SPAN_KIND_SERVER);
    OtlpReceiver.Received hop = only(SpanKind.SPAN_KIND_INTERNAL);
    assertEquals(PARENT, server.parentId());
    assertEquals(server.spanId(), hop.parentId());
    assertEquals(2, asked.size());
    for (int i = 1; i <= 2; i++) {
      OtlpReceiver.Received attempt = attempt(i);
      assertEquals(hop.spanId(), attempt.parentId());
      assertEquals("00-" + TRACE + '-' + attempt.spanId() + "-01", asked.get(i - 1).traceparent());
    }
    assertNotEquals(attempt(1).spanId(), attempt(2).spanId());
    for (OtlpReceiver.Received span : receiver.spans()) {
      assertEquals(TRACE, span.traceId());
      assertEquals("trace-1", span.attribute("gateway.correlation_id"));
      assertEquals("infopass-gateway", span.resource().get("service.name"));
      assertEquals(Main.version(), span.resource().get("service.version"));
      assertTrue(span.nanos() >= 0 && span.nanos() <= server.nanos(), span.toString());
    }
    for (String delivery : receiver.requests()) {
      assertEquals("POST /v1/traces application/x-protobuf", delivery);
    }
  }

  @Test
  void spansTellWhatHappened() {
    // Given
    RunningGateway gateway = RunningGateway.start(receiver.yaml(1));

    // When
    try (gateway) {
      assertEquals(200, gateway.initFor("Flaky 1 503 0 what happened").statusCode());
    }

    // Then
    OtlpReceiver.Received server = only(SpanKind.SPAN_KIND_SERVER);
    assertEquals("POST " + RunningGateway.INIT, server.name());
    assertEquals("", server.parentId());
    assertEquals("POST", server.attribute("http.request.method"));
    assertEquals(RunningGateway.INIT, server.attribute("http.route"));
    assertEquals("200", server.attribute("http.response.status_code"));
    assertNull(server.attribute("error.type"));
    assertFalse(server.failed());
    assertEquals("granted", only(SpanKind.SPAN_KIND_INTERNAL).attribute("infopass.outcome"));

    OtlpReceiver.Received first = attempt(1);
    assertEquals("503", first.attribute("http.response.status_code"));
    assertEquals("rejected", first.attribute("infopass.outcome"));
    assertEquals("upstream-busy", first.attribute("error.type"));
    assertTrue(first.failed());
    assertNull(first.attribute("http.request.resend_count"));

    OtlpReceiver.Received second = attempt(2);
    assertEquals("200", second.attribute("http.response.status_code"));
    assertEquals("granted", second.attribute("infopass.outcome"));
    assertEquals("1", second.attribute("http.request.resend_count"));
    assertFalse(second.failed());
    assertEquals(
        "http://"
            + second.attribute("server.address")
            + ':'
            + second.attribute("server.port")
            + RunningGateway.INIT,
        second.attribute("url.full"));
  }

  @Test
  void aMessageOnTheBusIsTracedLikeARequest() {
    // Given
    RunningGateway gateway =
        RunningGateway.start(receiver.yaml(0) + "\ninfopass: {username: u, password: p}");
    String sent;

    // When
    try (gateway) {
      InitReply reply =
          RunningGateway.await(
              new GatewayClient(gateway.vertx())
                  .init(
                      new InitRequest(
                          "Test Kumar",
                          "ku*******@gmail.com",
                          "965*****986",
                          "https://infopass.in",
                          "Uttar Pradesh"),
                      InitOptions.defaults().withCorrelationId("bus-1").withTraceparent(SAMPLED)));
      assertEquals("bus-1", reply.correlationId());
      sent = gateway.journal().entries().get(0).traceparent();
    }

    // Then
    assertEquals(3, receiver.spans().size(), receiver.spans().toString());
    OtlpReceiver.Received server = only(SpanKind.SPAN_KIND_SERVER);
    assertEquals("process infopass.digilocker.init", server.name());
    assertEquals(PARENT, server.parentId());
    assertEquals("bus-1", server.attribute("gateway.correlation_id"));
    assertEquals(server.spanId(), only(SpanKind.SPAN_KIND_INTERNAL).parentId());
    assertEquals(
        only(SpanKind.SPAN_KIND_INTERNAL).spanId(), only(SpanKind.SPAN_KIND_CLIENT).parentId());
    assertEquals("00-" + TRACE + '-' + only(SpanKind.SPAN_KIND_CLIENT).spanId() + "-01", sent);
  }

  @Test
  void aCallerThatDoesNotSampleIsFollowedAndItsTraceGoesOn() {
    // Given
    RunningGateway gateway = RunningGateway.start(receiver.yaml(1));
    String sent;

    // When
    try (gateway) {
      gateway.send(gateway.init(RunningGateway.SEED).header("traceparent", NOT_SAMPLED));
      sent = gateway.journal().entries().get(0).traceparent();
    }

    // Then
    assertTrue(sent.matches("00-" + TRACE + "-[0-9a-f]{16}-00"), sent);
    assertNotEquals(PARENT, sent.substring(36, 52));
    assertEquals(List.of(), receiver.requests());
  }

  @Test
  void whatBeginsHereIsRecordedByTheRatio() {
    // Given
    RunningGateway gateway = RunningGateway.start(receiver.yaml(0));
    String sent;

    // When
    try (gateway) {
      gateway.initFor("Test Kumar");
      sent = gateway.journal().entries().get(0).traceparent();
    }

    // Then
    assertTrue(sent.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"), sent);
    assertEquals(List.of(), receiver.requests());
  }

  @Test
  void refusalsNameTheirProblemAndAreNoErrorsOfTheServer() {
    // Given
    RunningGateway gateway = RunningGateway.start(receiver.yaml(1));

    // When
    try (gateway;
        RawHttp connection = RawHttp.to(gateway.port())) {
      connection.send(RawInit.seed().without("Authorization").bytes());
      assertEquals(401, connection.answer().status());
      connection.send(RawInit.seed().body("{}").bytes());
      assertEquals(400, connection.answer().status());
      connection.send(RawInit.seed().body("x".repeat(17_000)).bytes());
      assertEquals(413, connection.answer().status());
    }

    // Then
    List<String> told =
        of(SpanKind.SPAN_KIND_SERVER).stream()
            .map(
                span ->
                    span.attribute("http.response.status_code")
                        + ' '
                        + span.attribute("error.type")
                        + ' '
                        + span.failed())
            .toList();
    assertEquals(
        List.of(
            "401 unauthenticated false", "400 invalid-request false", "413 body-too-large false"),
        told);
    assertEquals(List.of(), of(SpanKind.SPAN_KIND_INTERNAL));
  }

  @Test
  void aFailureOfThePartnersIsOneOnEveryLevel() {
    // Given
    RunningGateway gateway = RunningGateway.start(receiver.yaml(1));

    // When
    try (gateway) {
      assertEquals(502, gateway.initFor("Reset").statusCode());
    }

    // Then
    for (OtlpReceiver.Received span : receiver.spans()) {
      assertTrue(span.failed(), span.toString());
      assertEquals("upstream-failed", span.attribute("error.type"));
    }
    assertEquals("unknown", attempt(1).attribute("infopass.outcome"));
    assertNull(attempt(1).attribute("http.response.status_code"));
  }

  @Test
  void aCallerThatLeftIsToldWithoutAStatus() {
    // Given
    RunningGateway gateway = RunningGateway.start(receiver.yaml(1));

    // When
    try (gateway) {
      try (RawHttp connection = RawHttp.to(gateway.port())) {
        connection.send(RawInit.seed().body(RunningGateway.body("Slow 500")).bytes());
        RunningGateway.await(
            new Witness(gateway).once(() -> gateway.gateway().calls().partnerCalls() == 1));
      }
    }

    // Then
    OtlpReceiver.Received server = only(SpanKind.SPAN_KIND_SERVER);
    assertEquals("caller-left", server.attribute("error.type"));
    assertNull(server.attribute("http.response.status_code"));
  }

  @Test
  void overHttp2TheSpanEndsToo() {
    // Given
    SelfSignedCertificate certificate = SelfSignedCertificate.create();
    RunningGateway gateway =
        RunningGateway.start(
            receiver.yaml(1)
                + "\nhttp: {host: 127.0.0.1, port: 0, tls: {certificate: "
                + certificate.certificatePath()
                + ", key: "
                + certificate.privateKeyPath()
                + "}}");

    // When
    try (gateway) {
      WebClientOptions options =
          new WebClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false);
      options.setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2);
      io.vertx.ext.web.client.HttpResponse<Buffer> answer =
          RunningGateway.await(
              gateway
                  .keep(WebClient.create(gateway.vertx(), options))
                  .post(gateway.port(), "127.0.0.1", RunningGateway.INIT)
                  .putHeader("Authorization", RunningGateway.basic("user", "pass"))
                  .putHeader("Content-Type", "application/json")
                  .sendBuffer(Buffer.buffer(RunningGateway.SEED)));
      assertEquals(HttpVersion.HTTP_2, answer.version());
      assertEquals(200, answer.statusCode());
    }

    // Then
    OtlpReceiver.Received server = only(SpanKind.SPAN_KIND_SERVER);
    assertEquals("200", server.attribute("http.response.status_code"));
    assertEquals("https", server.attribute("url.scheme"));
    certificate.delete();
  }

  @Test
  void noSpanHoldsAPersonACredentialOrALink() {
    // Given
    RunningGateway gateway = RunningGateway.start(receiver.yaml(1));
    String token;

    // When
    try (gateway) {
      HttpResponse<String> answer = gateway.initFor("Test Kumar");
      token = RunningGateway.json(answer).getJsonObject("data").getString("token");
      gateway.initFor("Reject 0x0422");
    }

    // Then
    String all = receiver.spans().toString();
    assertTrue(receiver.spans().size() == 6, all);
    for (String never :
        List.of(
            token,
            "Kumar",
            "Reject",
            "gmail.com",
            "965*****986",
            "Uttar",
            "digilocker-sdk",
            "Basic ",
            RunningGateway.basic("user", "pass").substring("Basic ".length()))) {
      assertFalse(all.contains(never), never);
    }
  }

  @Test
  void offNothingIsSentAndTheCallersTraceStillGoesOn() {
    // Given
    RunningGateway gateway = RunningGateway.start("tracing: {sampleRatio: 1}");
    String sent;

    // When
    try (gateway) {
      gateway.send(gateway.init(RunningGateway.SEED).header("traceparent", SAMPLED));
      sent = gateway.journal().entries().get(0).traceparent();
    }

    // Then
    assertTrue(sent.matches("00-" + TRACE + "-[0-9a-f]{16}-01"), sent);
    assertNotEquals(PARENT, sent.substring(36, 52));
    assertEquals(List.of(), receiver.requests());
  }

  @Test
  void aReceiverThatIsGoneCostsSpansAndNotRequests() {
    // Given
    String yaml = receiver.yaml(1);
    receiver.close();
    RunningGateway gateway = RunningGateway.start(yaml);

    // When
    try (gateway) {
      for (int i = 0; i < 20; i++) {
        assertEquals(200, gateway.initFor("Test Kumar").statusCode());
      }
    }

    // Then
    assertEquals(20, gateway.gateway().calls().partnerCalls());
  }
}
