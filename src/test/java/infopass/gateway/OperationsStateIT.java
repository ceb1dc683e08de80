package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.management.OperationsFeed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the operations page is drawn from, over the wire. */
class OperationsStateIT {
  private static final int PATIENCE_MILLIS = 30_000;

  /** Somebody who watches, with a connection of its own. */
  private static final class Viewer implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    Viewer(RunningGateway gateway) throws IOException {
      socket = new Socket("127.0.0.1", gateway.managementPort());
      socket.setSoTimeout(PATIENCE_MILLIS);
      String head = "GET /operations/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    String status() throws IOException {
      return in.readLine();
    }

    JsonObject next() throws IOException {
      String line = in.readLine();
      while (line != null && !line.startsWith("data: ")) {
        line = in.readLine();
      }
      assertTrue(line != null, "the stream has ended");
      return new JsonObject(line.substring("data: ".length()));
    }

    boolean ends() throws IOException {
      String line = in.readLine();
      while (line != null && !line.equals("0")) {
        line = in.readLine();
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void sixteenMayWatchAndTheNextIsRefusedUntilOneLeaves() throws Exception {
    List<Viewer> viewers = new ArrayList<>();
    try (RunningGateway gateway = RunningGateway.start()) {
      // Given
      for (int i = 0; i < OperationsFeed.MOST_VIEWERS; i++) {
        Viewer viewer = new Viewer(gateway);
        viewers.add(viewer);
        assertEquals("HTTP/1.1 200 OK", viewer.status());
      }

      // When
      HttpResponse<String> refused = gateway.getManagement("/operations/events");

      // Then
      assertEquals(503, refused.statusCode());
      assertEquals("/problems/overloaded", RunningGateway.json(refused).getString("type"));
      assertTrue(refused.headers().firstValue("Retry-After").isPresent());
      JsonObject first = viewers.get(1).next();
      assertTrue(
          first.getString("at").compareTo(viewers.get(1).next().getString("at")) < 0, "no news");

      // And when
      viewers.remove(0).close();

      // Then
      String status = "HTTP/1.1 503 Service Unavailable";
      for (int tries = 0; tries < 1_000 && !status.contains("200"); tries++) {
        Viewer next = new Viewer(gateway);
        viewers.add(next);
        status = next.status();
      }
      assertEquals("HTTP/1.1 200 OK", status);
    } finally {
      for (Viewer viewer : viewers) {
        viewer.close();
      }
    }
  }

  @Test
  void aStopEndsTheStreamsInOrder() throws Exception {
    RunningGateway gateway = RunningGateway.start();
    try (Viewer viewer = new Viewer(gateway)) {
      // Given
      assertEquals("READY", viewer.next().getString("stage"));

      // When
      gateway.close();

      // Then
      assertTrue(viewer.ends());
    }
  }

  @Test
  void nothingOfItIsServedOnThePublicPort() {
    try (RunningGateway gateway = RunningGateway.start("ui: {enabled: false}")) {
      for (String path :
          List.of(
              "/",
              "/operations/state",
              "/operations/events",
              "/operations/configuration",
              "/assets/operations.js",
              "/assets/operations.css")) {
        assertEquals(404, gateway.get(path).statusCode(), path);
      }
      HttpResponse<String> page = gateway.getManagement("/");
      assertEquals(200, page.statusCode());
      String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
      assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"));
    }
  }

  @Test
  void theStateTellsOfTrafficAndNothingOfAnybody() {
    try (RunningGateway gateway = RunningGateway.start()) {
      // When
      gateway.initFor("Test Kumar");
      gateway.initFor("Reject 0x0422");
      gateway.get("/nowhere");
      JsonObject state = state(gateway);
      while (sum(state.getJsonObject("traffic").getJsonArray("answers")) < 3) {
        state = state(gateway);
      }

      // Then
      JsonObject traffic = state.getJsonObject("traffic");
      assertEquals(3, sum(traffic.getJsonArray("answers")));
      assertEquals(2, sum(traffic.getJsonArray("inits")));
      assertEquals(0, sum(traffic.getJsonArray("failures")));
      assertEquals(2, sum(traffic.getJsonArray("initTimes")));
      assertEquals(2, traffic.getJsonArray("problems").size());
      assertEquals(2, state.getJsonObject("calls").getInteger("partner"));
      assertEquals(1, state.getJsonObject("sessions").getInteger("used"));
      assertEquals(Main.eventLoops(), state.getJsonArray("lagMillis").size());
      assertEquals("GOOD", state.getJsonObject("verdict").getString("level"));
      JsonObject first = state.getJsonArray("changes").getJsonObject(0);
      assertEquals("READY", first.getString("state"));
      String text = state.encode();
      for (String personal : List.of("Kumar", "gmail", "965", "user", "Basic")) {
        assertFalse(text.contains(personal), personal);
      }
    }
  }

  @Test
  void everySettingIsShownByItsKeyAndSecretsAreNot() {
    String yaml =
        """
        infopass: {username: own-account, password: own-password}
        countdown: {signingKeys: [only-for-this-test-0123456789abcdef]}
        auth: {callers: [{id: some-app, secretSha256: [%s]}]}
        """
            .formatted("ab".repeat(32));
    try (RunningGateway gateway = RunningGateway.start(yaml)) {
      // When
      String text = gateway.getManagement("/operations/configuration").body();

      // Then
      for (String secret : List.of("own-account", "own-password", "only-for", "some-app", "abab")) {
        assertFalse(text.contains(secret), secret);
      }
      TreeSet<String> shown = new TreeSet<>();
      for (Object row : new JsonArray(text)) {
        shown.add(((JsonObject) row).getString("key"));
      }
      TreeSet<String> keys = new TreeSet<>();
      keys("", (Map<?, ?>) OperatorFilesTest.yaml(Path.of("conf/gateway.yaml")), keys);
      keys.removeIf(key -> key.startsWith("http.tls."));
      shown.remove("http.tls");
      assertEquals(keys, shown);
    }
  }

  private static void keys(String path, Map<?, ?> section, TreeSet<String> found) {
    section.forEach(
        (key, value) -> {
          String at = path.isEmpty() ? "" + key : path + '.' + key;
          if (value instanceof Map<?, ?> inner) {
            keys(at, inner, found);
          } else {
            found.add(at);
          }
        });
  }

  private static JsonObject state(RunningGateway gateway) {
    return RunningGateway.json(gateway.getManagement("/operations/state"));
  }

  private static long sum(JsonArray counts) {
    return counts.stream().mapToLong(count -> ((Number) count).longValue()).sum();
  }
}
