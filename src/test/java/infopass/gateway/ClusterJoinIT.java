package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.SandboxOptions;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is told to stop before it has started leaves the others as they were. */
class ClusterJoinIT {
  private static final String BOTH = "http, infopass";

  private static HttpResponse<String> withKey(TestCluster cluster, TestCluster.Member node) {
    return cluster.send(node.init("Test Kumar").header("Idempotency-Key", "kept"));
  }

  @Test
  void aSignalAmidTheStartLetsANodeLeaveInOrder(@TempDir Path folder) {
    try (TestCluster cluster = new TestCluster(folder, 2, "", SandboxOptions.defaults())) {
      // Given: one of two that was lost, and not stopped, could be behind a cut
      TestCluster.Member first = cluster.start(0, BOTH).awaitReady();
      assertEquals(200, withKey(cluster, first).statusCode());

      // When: the other has been let in, and is not ready
      TestCluster.Member second = cluster.start(1, BOTH);
      cluster.untilAllSee(2, first);
      second.process().terminate();

      // Then
      assertEquals(0, second.process().awaitExit());
      assertEquals(List.of(), second.process().restOfOutput());
      cluster.untilAllSee(1, first);
      assertEquals(1, first.metric("cluster_whole"));
      HttpResponse<String> again = withKey(cluster, first);
      assertEquals(200, again.statusCode(), again.body());
      assertTrue(again.headers().firstValue("Idempotent-Replayed").isPresent());
    }
  }
}
