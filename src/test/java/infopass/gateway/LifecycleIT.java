package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** From ready to gone. */
class LifecycleIT {
  private static final List<String> PROBES =
      List.of("/health/live", "/health/ready", "/health/started");

  @Test
  void theProbesAreUpOnTheManagementPortAndOnlyThere() {
    try (RunningGateway gateway = RunningGateway.start()) {
      for (String probe : PROBES) {
        HttpResponse<String> up = gateway.getManagement(probe);
        assertEquals(200, up.statusCode(), up.body());
        JsonObject body = RunningGateway.json(up);
        assertEquals("UP", body.getString("status"));
        assertTrue(!body.getJsonArray("checks").isEmpty(), up.body());
        assertEquals("no-store", up.headers().firstValue("Cache-Control").orElse(""));
        assertEquals(404, gateway.get(probe).statusCode());
      }
      assertEquals(404, gateway.get("/metrics").statusCode());
    }
  }

  @Test
  void whatIsPublicIsNotOnTheManagementPort() {
    try (RunningGateway gateway = RunningGateway.start();
        RawHttp management = RawHttp.toManagement(gateway.managementPort())) {
      Problems.check(management.send(RawInit.seed().bytes()).answer(), 404, "not-found");
      for (String path :
          List.of("/openapi.yaml", "/api/v1/in/digilocker/countdown/x", "/problems/not-found")) {
        assertEquals(404, gateway.getManagement(path).statusCode(), path);
      }
      assertEquals(0, gateway.journal().total());
    }
  }

  @Test
  void theManagementPortRefusesBadRequestsLikeThePublicOne() {
    try (RunningGateway gateway = RunningGateway.start();
        RawHttp management = RawHttp.toManagement(gateway.managementPort())) {
      management.send("GET /health/live HTTP/1.1\r\nHost: localhost%00\r\n\r\n");
      Problems.check(management.answer(), 400, "invalid-request");
      assertEquals("", management.untilClosed());
    }
  }

  @Test
  void stoppingAnswersWhatIsInFlightAndRefusesWhatIsNew() throws Exception {
    RunningGateway gateway = RunningGateway.start();
    try (RawHttp busy = RawHttp.to(gateway.port());
        RawHttp open = RawHttp.to(gateway.port());
        RawHttp probe = RawHttp.toManagement(gateway.managementPort())) {
      // Given: one init at the partner, and one connection that has been used and is open
      assertEquals(200, open.send(RawInit.seed().bytes()).answer().status());
      gateway.journal().clear();
      busy.send(RawInit.seed().body(RunningGateway.body("Slow 600")).bytes());
      Until.holds(() -> gateway.journal().total() == 1);

      // When
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(gateway::close);
      Until.holds(() -> !ready(gateway));

      // Then: while it drains
      RawHttp.Answer refusal = open.send(RawInit.seed().bytes()).answer();
      JsonObject draining = Problems.check(refusal, 503, "draining");
      assertEquals("not-sent", draining.getString("outcome"));
      assertEquals(
          refusal.header("Retry-After"), draining.getInteger("retryAfterSeconds").toString());
      assertTrue(refusal.closes());
      assertEquals("", open.untilClosed());
      RawHttp.Answer notReady =
          probe.send("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
      assertEquals(503, notReady.status());
      assertEquals("DOWN", new JsonObject(notReady.body()).getString("status"));
      RawHttp.Answer answer = busy.answer();
      assertEquals(200, answer.status(), answer.body());
      assertTrue(answer.closes());
      assertNotNull(new JsonObject(answer.body()).getJsonObject("countdown"));
      assertEquals("", busy.untilClosed());
      assertEquals(1, gateway.journal().total());

      // Then: afterwards
      stopped.get(10, TimeUnit.SECONDS);
      assertThrows(UncheckedIOException.class, () -> RawHttp.to(gateway.port()));
      assertThrows(
          UncheckedIOException.class, () -> RawHttp.toManagement(gateway.managementPort()));
    } finally {
      gateway.close();
    }
  }

  @Test
  void whileLeavingItServesOnButAsksToClose() throws Exception {
    RunningGateway gateway = RunningGateway.start("shutdown: {drainDelay: 1s}");
    try (RawHttp open = RawHttp.to(gateway.port());
        RawHttp pipelining = RawHttp.to(gateway.port())) {
      // Given
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(gateway::close);
      Until.holds(() -> !ready(gateway));

      // When
      RawHttp.Answer answer = open.send(RawInit.seed().bytes()).answer();
      String two = new String(RawInit.seed().bytes(), java.nio.charset.StandardCharsets.UTF_8);
      pipelining.send(two + two);

      // Then
      assertEquals(200, answer.status(), answer.body());
      assertTrue(answer.closes());
      assertEquals("", open.untilClosed());
      assertEquals(200, pipelining.answer().status());
      assertEquals("", pipelining.untilClosed());
      assertEquals(2, gateway.journal().total(), "what cannot be answered is not worked on");
      stopped.get(10, TimeUnit.SECONDS);
    } finally {
      gateway.close();
    }
  }

  @Test
  void anIdleConnectionDoesNotHoldUpTheStop() throws Exception {
    RunningGateway gateway = RunningGateway.start();
    try (RawHttp idle = RawHttp.to(gateway.port());
        RawHttp used = RawHttp.to(gateway.port())) {
      assertEquals(200, used.send(RawInit.seed().bytes()).answer().status());
      CompletableFuture.runAsync(gateway::close).get(5, TimeUnit.SECONDS);
      assertEquals("", used.untilClosed());
      assertEquals("", idle.untilClosed());
    } finally {
      gateway.close();
    }
  }

  @Test
  void connectionsBeyondTheLimitAreClosed() {
    try (RunningGateway gateway =
            RunningGateway.start("http: {host: 127.0.0.1, port: 0, maxConnections: 2}");
        RawHttp first = RawHttp.to(gateway.port());
        RawHttp second = RawHttp.to(gateway.port())) {
      assertEquals(200, first.send(RawInit.seed().bytes()).answer().status());
      assertEquals(200, second.send(RawInit.seed().bytes()).answer().status());
      try (RawHttp third = RawHttp.to(gateway.port())) {
        assertEquals("", third.untilClosed());
      }
      assertEquals(200, first.send(RawInit.seed().bytes()).answer().status());
      first.endOutput();
      assertEquals("", first.untilClosed());
      Until.holds(() -> serves(gateway.port()));
    }
  }

  private static boolean serves(int port) {
    try (RawHttp connection = RawHttp.to(port)) {
      return connection.send(RawInit.seed().bytes()).answer().status() == 200;
    } catch (IllegalStateException | UncheckedIOException closed) {
      return false;
    }
  }

  private static boolean ready(RunningGateway gateway) {
    return gateway.getManagement("/health/ready").statusCode() == 200;
  }
}
