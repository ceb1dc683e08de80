package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes of this build, of the next one, which hands inits over in another way and still in this
 * one's, and of the one after, which has forgotten this one's: changed one after the other while
 * requests come in.
 */
class ClusterSkewIT {
  private static final String HANDED_OVER = "cluster_handed_over_total";
  private static final int DOORS = 2;

  private final AtomicReferenceArray<TestCluster.Member> nodes = new AtomicReferenceArray<>(4);
  private final AtomicReferenceArray<Boolean> out =
      new AtomicReferenceArray<>(new Boolean[] {false, false});

  private static String roles(int place) {
    return place < DOORS ? "http" : "infopass";
  }

  /** To one door and the other in turn, except the one that says it is not ready. */
  private HttpRequest.Builder shot(long number, int attempt) {
    int place = (int) ((number + attempt) % DOORS);
    TestCluster.Member door = nodes.get(out.get(place) ? 1 - place : place);
    HttpRequest.Builder init =
        door.init("Test Kumar").header("X-Correlation-Id", "under-load-" + number);
    return number % 2 == 0 ? init : init.header("Idempotency-Key", "key-" + number);
  }

  /** Stops one in order and starts it as another build. */
  private void change(TestCluster cluster, int place, OtherBuild build, Runnable meanwhile) {
    TestCluster.Member old = nodes.get(place);
    old.process().terminate();
    if (place < DOORS) {
      cluster.until("it is not ready", () -> old.health().contains("DOWN"));
      out.set(place, true);
    }
    assertEquals(0, old.process().awaitExit());
    meanwhile.run();
    nodes.set(place, cluster.start(build, place, roles(place)).awaitReady());
    cluster.untilAllSee(4, nodes.get(0), nodes.get(1), nodes.get(2), nodes.get(3));
    if (place < DOORS) {
      out.set(place, false);
    }
  }

  private static void untilMoreAreHandedOver(TestCluster cluster, TestCluster.Member door) {
    double before = door.metric(HANDED_OVER);
    cluster.until("more inits from there", () -> door.metric(HANDED_OVER) > before);
  }

  @Test
  void buildsOfDifferentVersionsWorkTogetherAndAChangeLosesNoRequest(@TempDir Path folder) {
    OtherBuild next = OtherBuild.speaking("next", 2, 1);
    OtherBuild afterNext = OtherBuild.speaking("after-next", 3, 2);
    SandboxOptions options = SandboxOptions.defaults().withLatency(Duration.ofMillis(50));
    String yaml = "shutdown: {drainDelay: 500ms, grace: 20s}\n";
    try (TestCluster cluster = new TestCluster(folder, 4, yaml, options)) {
      // Given: four nodes of this build
      for (int place = 3; place >= 0; place--) {
        nodes.set(place, cluster.start(place, roles(place)));
        if (place == 3) {
          nodes.get(place).awaitReady();
        }
      }
      for (int place = 0; place < 3; place++) {
        nodes.get(place).awaitReady();
      }
      cluster.untilAllSee(4, nodes.get(0), nodes.get(1), nodes.get(2), nodes.get(3));
      ClusterLoad load = new ClusterLoad(cluster::sendAsync);
      load.run(15, Duration.ofMinutes(10), this::shot);

      // When: a door of the next build asks client nodes of this one
      change(cluster, 0, next, () -> {});
      untilMoreAreHandedOver(cluster, nodes.get(0));

      // When: a door of this build asks a client node of the next, which is the only one then
      change(cluster, 2, next, () -> {});
      change(cluster, 3, afterNext, () -> untilMoreAreHandedOver(cluster, nodes.get(1)));
      untilMoreAreHandedOver(cluster, nodes.get(0));
      untilMoreAreHandedOver(cluster, nodes.get(1));
      Map<String, Integer> scores = load.scoresSoFar();

      // Then: every request was answered, after one call
      assertEquals(Set.of("200"), scores.keySet(), scores.toString());
      assertEquals(scores.get("200"), cluster.sandbox().journal().entries().size());
      double duplicates = 0;
      for (int place = 0; place < DOORS; place++) {
        duplicates += nodes.get(place).metric("cluster_possible_duplicates_total");
      }
      assertEquals(0, duplicates);

      // When: only a client node is left that shares no version with this build
      nodes.get(2).process().terminate();
      assertEquals(0, nodes.get(2).process().awaitExit());
      cluster.untilAllSee(3, nodes.get(0), nodes.get(1), nodes.get(3));
      HttpResponse<String> refused = cluster.send(nodes.get(1).init("Test Kumar"));
      HttpResponse<String> served = cluster.send(nodes.get(0).init("Test Kumar"));

      // Then: refused as not sent, and the next build goes on with what both speak
      JsonObject problem = Problems.check(refused, 503, "overloaded");
      assertEquals("not-sent", problem.getString("outcome"));
      assertTrue(refused.body().contains("No client node can be reached"), refused.body());
      assertEquals(200, served.statusCode(), served.body());
    }
  }
}
