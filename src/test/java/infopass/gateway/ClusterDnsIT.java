package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes that find each other by one name, as those of a headless service do: what the name resolves
 * to comes from a file here, by the same call of Java's that asks a DNS server otherwise.
 */
class ClusterDnsIT {
  private static final String NAME = "infopass-gateway-nodes.test";

  @TempDir private Path folder;
  private final int port = FreePort.pairs(1).get(0);
  private final Vertx vertx = Main.vertx();
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    RunningGateway.await(vertx.close());
  }

  private ChildProcess start(String address, String roles, Sandbox sandbox) throws IOException {
    String yaml =
        """
        http: {host: 127.0.0.1, port: 0}
        management: {port: 0}
        infopass: {baseUrl: "%s"}
        init: {allowMasked: true}
        cluster:
          enabled: true
          roles: [%s]
          host: %s
          port: %s
          eventBus: {port: 0}
          dnsQuery: %s
          secret: %s
        """
            .formatted(sandbox.baseUri(), roles, address, port, NAME, TestCluster.SECRET);
    Path file = Files.writeString(folder.resolve(address + ".yaml"), yaml);
    Path hosts =
        Files.writeString(
            folder.resolve("hosts"),
            """
            127.0.0.1 localhost %s
            127.0.0.1 %s
            127.0.0.2 %s
            """
                .formatted(InetAddress.getLocalHost().getHostName(), NAME, NAME));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        List.of(
            java.toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djdk.net.hosts.file=" + hosts);
    return ChildProcess.start(command, folder, Map.of(), "--conf", file.toString());
  }

  private String get(ChildProcess.Ready ready, String path) throws Exception {
    HttpRequest asked = HttpRequest.newBuilder(ready.management().resolve(path)).build();
    return http.send(asked, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Test
  void nodesThatOneNameResolvesToAreOneCluster() throws Exception {
    Sandbox sandbox = RunningGateway.await(new Sandbox(vertx, SandboxOptions.defaults()).start());
    try (ChildProcess client = start("127.0.0.1", "infopass", sandbox)) {
      client.awaitReady();
      try (ChildProcess door = start("127.0.0.2", "http", sandbox)) {
        // Given
        ChildProcess.Ready ready = door.awaitReady();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!get(ready, "/metrics").contains("\ncluster_nodes 2")) {
          if (System.nanoTime() > end) {
            throw new AssertionError("it does not see the other");
          }
          RunningGateway.await(vertx.timer(50, TimeUnit.MILLISECONDS));
        }

        // When
        HttpRequest init =
            HttpRequest.newBuilder(ready.http().resolve(RunningGateway.INIT))
                .header("Authorization", RunningGateway.basic("user", "pass"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(RunningGateway.SEED))
                .build();
        HttpResponse<String> answer = http.send(init, HttpResponse.BodyHandlers.ofString());

        // Then
        assertEquals(200, answer.statusCode(), answer.body());
      }
    }
  }
}
