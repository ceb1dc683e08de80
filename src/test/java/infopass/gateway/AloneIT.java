package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is in no cluster pays nothing for those that are. */
class AloneIT {
  @TempDir private Path folder;

  @Test
  void nothingOfTheClusterIsLoaded() throws IOException {
    // Given
    Path loaded = folder.resolve("classes.txt");
    Path conf = folder.resolve("gateway.yaml");
    Files.writeString(conf, "http: {host: 127.0.0.1, port: 0}\nmanagement: {port: 0}\n");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    // When
    try (ChildProcess process =
        ChildProcess.start(
            List.of(java, "-Xlog:class+load:file=" + loaded),
            folder,
            Map.of(),
            "--sandbox",
            "--conf",
            conf.toString())) {
      process.awaitReady();
      process.terminate();
      process.awaitExit();
    }

    // Then
    List<String> classes = Files.readAllLines(loaded);
    assertTrue(classes.stream().anyMatch(line -> line.contains("infopass.gateway.Gateway ")));
    assertEquals(
        List.of(),
        classes.stream()
            .filter(
                line ->
                    line.matches(
                        ".*\\b(org\\.infinispan|org\\.jgroups|org\\.jboss|io\\.reactivex"
                            + "|io\\.vertx\\.ext\\.cluster)\\..*"))
            // The JDK itself asks every library for the kinds of URL that it knows.
            .filter(line -> !line.contains("ClasspathURLStreamHandlerProvider"))
            .toList());
    assertEquals(
        List.of(),
        classes.stream()
            .filter(line -> line.contains("infopass.gateway.cluster."))
            .filter(line -> !line.contains("infopass.gateway.cluster.ClusterConfig"))
            .toList());
  }
}
