package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that runs out of file descriptors says so, and counts it. */
@Timeout(180)
class OpenFilesIT {
  private static final int LIMIT = 512;

  @TempDir private static Path directory;

  @Test
  void usedUpFileDescriptorsAreNamedAndCounted() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> limited =
        List.of("/bin/sh", "-c", "ulimit -n " + LIMIT + "; exec \"$0\" \"$@\"", java);
    Map<String, String> ports =
        Map.of("HTTP_HOST", "127.0.0.1", "HTTP_PORT", "0", "MANAGEMENT_PORT", "0");
    List<Socket> callers = new ArrayList<>();
    try (ChildProcess gateway = ChildProcess.start(limited, directory, ports, "--sandbox")) {
      ChildProcess.Ready ready = gateway.awaitReady();
      assertEquals(200, get(ready.http().resolve("/problems/not-found")).statusCode());

      // When
      for (int i = 0; i < LIMIT; i++) {
        callers.add(new Socket(ready.http().getHost(), ready.http().getPort()));
      }

      // Then
      gateway.awaitError("file descriptors are used up");
      close(callers);
      String metrics = get(ready.management().resolve("/metrics")).body();
      String name = "http_server_accept_failures_total ";
      assertTrue(
          metrics
              .lines()
              .anyMatch(
                  line ->
                      line.startsWith(name)
                          && Double.parseDouble(line.substring(name.length())) > 0),
          metrics);
    } finally {
      close(callers);
    }
  }

  private static java.net.http.HttpResponse<String> get(URI uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static void close(List<Socket> callers) throws IOException {
    for (Socket caller : callers) {
      caller.close();
    }
  }
}
