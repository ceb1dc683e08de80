package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What nodes tell each other of their calls, and how they share quotas out. */
class ClusterPaceIT {
  private static final String BOTH = "http, infopass";
  private static final String LIMIT = "infopass_pacer_limit";
  private static final String HOLD = "infopass_pacer_hold_seconds";
  private static final String CONFIRMED = "infopass_pacer_state{state=\"confirmed\"}";

  private static LocalCluster cluster(String yaml) {
    return new LocalCluster(3, yaml, SandboxOptions.defaults());
  }

  private static int calls(LocalCluster cluster) {
    return cluster.sandbox().journal().entries().size();
  }

  @Test
  void thePausePartnerAsksOneNodeForHoldsTheOthers() {
    try (LocalCluster cluster = cluster("")) {
      // Given
      LocalCluster.Member one = cluster.start(0, BOTH);
      LocalCluster.Member other = cluster.start(1, BOTH);
      assertEquals(200, cluster.send(other.init("Test Kumar")).statusCode());

      // When
      // Of three calls, since one alone may be about its person.
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> refused =
            cluster.send(one.init("Status 429 30").header("Prefer", "wait=1"));
        assertEquals(503, refused.statusCode(), refused.body());
      }
      int before = calls(cluster);
      cluster.until("the other has heard of it", () -> other.metric(HOLD) > 0);

      // Then: it sends nothing, and says for how long
      HttpResponse<String> held = cluster.send(other.init("Test Kumar").header("Prefer", "wait=1"));
      assertEquals(503, held.statusCode(), held.body());
      JsonObject problem = new JsonObject(held.body());
      assertEquals("/problems/upstream-busy", problem.getString("type"));
      assertEquals("not-sent", problem.getString("outcome"));
      assertTrue(problem.getInteger("retryAfterSeconds") > 15, held.body());
      assertEquals(before, calls(cluster));

      // When: the pause is over, as long as the partner said and no longer
      cluster.pass(Duration.ofSeconds(30));
      cluster.until("nobody is held", () -> one.metric(HOLD) + other.metric(HOLD) == 0);
      assertEquals(200, cluster.send(other.init("Test Kumar")).statusCode());
    }
  }

  @Test
  void whatOneNodeLearnedOfTheQuotaIsDealtOutToTheNodeThatComes() {
    SandboxOptions quota = SandboxOptions.defaults().withQuota(SandboxOptions.Quota.parse("12/1s"));
    try (LocalCluster cluster = new LocalCluster(3, "", quota)) {
      // Given
      LocalCluster.Member one = cluster.start(0, BOTH);
      cluster.until(
          "it has learned the quota",
          () -> {
            burst(cluster, one, 40);
            return one.metric(CONFIRMED) == 1;
          });
      double alone = one.metric(LIMIT);

      // When
      LocalCluster.Member other = cluster.start(1, BOTH);

      // Then: without a call of its own
      cluster.until("it knows its share", () -> other.metric(CONFIRMED) == 1);
      cluster.until("the first has given up its part", () -> one.metric(LIMIT) < alone);
      assertTrue(one.metric(LIMIT) + other.metric(LIMIT) <= alone, "of " + alone);
      assertEquals(0, other.metric("infopass_pacer_used"));
    }
  }

  @Test
  void theSharesFollowWhoIsThereAndWhatALeaverHasSent() {
    try (LocalCluster cluster = cluster("infopass: {quota: {requests: 20, per: 60s}}\n")) {
      // Given
      LocalCluster.Member one = cluster.start(0, BOTH);
      cluster.until("alone it has all", () -> one.metric(LIMIT) == 20);

      // When: another comes
      LocalCluster.Member other = cluster.start(1, BOTH);
      cluster.until("each has half", () -> one.metric(LIMIT) + other.metric(LIMIT) == 20);
      assertEquals(10, other.metric(LIMIT));
      for (int i = 0; i < 6; i++) {
        assertEquals(200, cluster.send(other.init("Test Kumar")).statusCode());
      }

      // When: it leaves
      other.close();

      // Then
      cluster.until("what it sent counts", () -> one.metric(LIMIT) == 14);
      cluster.pass(Duration.ofSeconds(61));
      cluster.until("it is forgotten", () -> one.metric(LIMIT) == 20);
    }
  }

  @Test
  void aCallersQuotaHoldsOverTheNodesAndIsDividedAnewWhenOneLeaves() throws Exception {
    String yaml =
        """
        infopass: {quota: {requests: 1000, per: 60s}}
        auth:
          mode: callers
          callers: [{id: user, secretSha256: [%s], quota: {requests: 6, per: 1h}}]
        """
            .formatted(CallersIT.sha256("pass"));
    try (LocalCluster cluster = cluster(yaml)) {
      // Given
      LocalCluster.Member one = cluster.start(0, BOTH);
      LocalCluster.Member other = cluster.start(1, BOTH);
      cluster.until("they know each other", () -> one.metric(LIMIT) + other.metric(LIMIT) == 1000);

      // Then: three at each, in whatever order
      assertEquals(3, granted(cluster, one, 5));
      assertEquals(3, granted(cluster, other, 5));
      assertEquals(6, calls(cluster));

      // When
      other.close();
      cluster.pass(Duration.ofSeconds(4));
      cluster.until("it has the whole quota", () -> granted(cluster, one, 1) == 1);

      // Then: its own three count, and what the leaver gave out is its share at the most
      assertEquals(2, granted(cluster, one, 5));
      cluster.pass(Duration.ofMinutes(61));
      assertEquals(6, granted(cluster, one, 8));
    }
  }

  /** More at once than the partner takes. */
  private static void burst(LocalCluster cluster, LocalCluster.Member node, int requests) {
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      answers.add(cluster.sendAsync(node.init("Test Kumar").header("Prefer", "wait=1")));
    }
    answers.forEach(answer -> answer.orTimeout(60, TimeUnit.SECONDS).join());
  }

  /** How many of so many are granted. */
  private static int granted(LocalCluster cluster, LocalCluster.Member node, int requests) {
    int granted = 0;
    for (int i = 0; i < requests; i++) {
      HttpRequest.Builder init = node.init("Test Kumar");
      int status = cluster.send(init).statusCode();
      assertTrue(status == 200 || status == 429, "" + status);
      granted += status == 200 ? 1 : 0;
    }
    return granted;
  }
}
