package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.SandboxOptions;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that is told to stop before it has started leaves the others as they were. */
class ClusterJoinIT {
  private static final String BOTH = "http, infopass";

  private static HttpResponse<String> withKey(TestCluster cluster, TestCluster.Member node) {
    return cluster.send(node.init("Test Kumar").header("Idempotency-Key", "kept"));
  }

  /** When the others know it and it has written a line with this in it. */
  @ParameterizedTest
  @ValueSource(strings = {"\"starting\"", "\"came\""})
  void aSignalAmidTheStartLetsANodeLeaveInOrder(String line, @TempDir Path folder) {
    try (TestCluster cluster = new TestCluster(folder, 2, "", SandboxOptions.defaults())) {
      // Given: one of two that was lost, and not stopped, could be behind a cut
      TestCluster.Member first = cluster.start(0, BOTH).awaitReady();
      assertEquals(200, withKey(cluster, first).statusCode());

      // When
      TestCluster.Member second = cluster.start(1, BOTH);
      second.process().awaitError(line);
      cluster.untilAllSee(2, first);
      second.process().terminate();

      // Then
      assertEquals(0, second.process().awaitExit());
      cluster.untilAllSee(1, first);
      HttpResponse<String> again = withKey(cluster, first);
      assertEquals(200, again.statusCode(), again.body());
      assertTrue(again.headers().firstValue("Idempotent-Replayed").isPresent());
      assertEquals(1, first.metric("cluster_whole"));
    }
  }
}
