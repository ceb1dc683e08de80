package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Half of a cluster is lost at once, and what nodes share cannot be read: who is served then. */
class ClusterStoreIT {
  private static final String BOTH = "http, infopass";

  private static HttpResponse<String> send(
      TestCluster cluster, TestCluster.Member node, String key) {
    return cluster.send(node.init("Test Kumar").header("Idempotency-Key", key));
  }

  @Test
  void requestsWithAKeyAreRefusedUnlessASettingOpensThem(@TempDir Path folder) {
    try (TestCluster cluster = new TestCluster(folder, 4, "", SandboxOptions.defaults())) {
      // Given: what is there by default, beside a node that prefers a second link to none
      TestCluster.Member closed = cluster.start(0, BOTH).awaitReady();
      cluster.store("storeTimeout: 3s\n  storeFailure: open");
      TestCluster.Member open = cluster.start(1, BOTH);
      TestCluster.Member third = cluster.start(2, BOTH);
      TestCluster.Member fourth = cluster.start(3, BOTH);
      List.of(open, third, fourth).forEach(TestCluster.Member::awaitReady);
      cluster.untilAllSee(4, closed, open, third, fourth);
      assertEquals(200, send(cluster, closed, "before").statusCode());
      HttpResponse<String> repeated = send(cluster, open, "before");
      assertEquals("true", repeated.headers().firstValue("Idempotent-Replayed").orElse("no"));

      // When
      third.process().kill();
      fourth.process().kill();
      cluster.untilAllSee(2, closed, open);
      cluster.until(
          "both know that the memory is closed",
          () -> closed.metric("cluster_whole") + open.metric("cluster_whole") == 0);
      int calls = cluster.sandbox().journal().entries().size();

      // Then: refused before anything was sent, and it says so. Of twenty keys the two that are
      // left
      // would have kept some by themselves
      for (int i = 0; i < 20; i++) {
        Problems.check(send(cluster, closed, "after-" + i), 503, "overloaded");
      }
      HttpResponse<String> refused = send(cluster, closed, "after");
      JsonObject problem = Problems.check(refused, 503, "overloaded");
      assertEquals("not-sent", problem.getString("outcome"));
      assertTrue(refused.headers().firstValue("Retry-After").isPresent());
      assertEquals(calls, cluster.sandbox().journal().entries().size());
      assertTrue(
          closed.metric("cluster_store_operations_total{outcome=\"failed\"}") > 0,
          closed.metrics());

      // Then: served
      HttpResponse<String> served = send(cluster, open, "after");
      assertEquals(200, served.statusCode(), served.body());
      assertEquals(calls + 1, cluster.sandbox().journal().entries().size());

      // Then: requests without a key need no memory
      assertEquals(200, cluster.send(closed.init("Test Kumar")).statusCode());
    }
  }
}
