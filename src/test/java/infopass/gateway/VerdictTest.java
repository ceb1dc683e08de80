package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.Verdict.Level;
import infopass.gateway.digilocker.Problem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private final JsonObject traffic =
      new JsonObject()
          .put("inits", JsonArray.of(60, 40))
          .put("failures", JsonArray.of(0, 0))
          .put("problems", new JsonArray());
  private final JsonObject pacer = new JsonObject().put("waiting", 0).put("holdSeconds", 0.0);
  private final JsonObject state =
      new JsonObject()
          .put("stage", "READY")
          .put("accountHeld", false)
          .put("breaker", new JsonObject().put("state", "CLOSED"))
          .put("lagMillis", JsonArray.of(0.0, 3.0))
          .put("pacer", pacer.put("predictedWaitSeconds", 0.0))
          .put("traffic", traffic);

  private void answered(Problem problem, int count) {
    traffic
        .getJsonArray("problems")
        .add(
            new JsonObject()
                .put("slug", problem.slug())
                .put("status", problem.status())
                .put("count", count));
    if (problem.status() >= 500) {
      traffic.put("failures", JsonArray.of(0, count));
    }
  }

  private void expect(Level level, String headline, String whose) {
    Verdict verdict = Verdict.of(state);
    assertEquals(headline, verdict.headline());
    assertEquals(level, verdict.level());
    assertEquals(whose, verdict.whose());
    assertTrue(verdict.cost().length() > 10);
    assertEquals(level == Level.GOOD, verdict.first().isEmpty());
  }

  @Test
  void allIsWellWhereOnlyCallersErr() {
    answered(Problem.INVALID_REQUEST, 50);
    answered(Problem.UPSTREAM_FAILED, 4);
    expect(Level.GOOD, "All is well", "");
    traffic.put("inits", JsonArray.of(0, 0)).put("failures", JsonArray.of(0, 0));
    traffic.put("problems", new JsonArray());
    expect(Level.GOOD, "Ready; nobody asks", "");
  }

  @Test
  void theGravestTroubleIsToldFirst() {
    answered(Problem.UPSTREAM_FAILED, 5);
    expect(Level.WARN, "Requests fail: upstream-failed", "Infopass");
    pacer.put("waiting", 3);
    expect(Level.WARN, "Requests wait for the quota of Infopass", "Infopass");
    answered(Problem.UPSTREAM_BUSY, 1);
    expect(Level.BAD, "The quota of Infopass is used up", "Infopass");
    traffic.put("unavailable", 1L);
    expect(Level.BAD, "Infopass takes no requests", "Infopass");
    answered(Problem.OVERLOADED, 1);
    expect(Level.BAD, "All places are taken", "us");
    state.put("breaker", new JsonObject().put("state", "OPEN").put("failures", 9).put("slow", 9));
    expect(Level.BAD, "Infopass fails: the circuit is open", "Infopass");
    state.put("lagMillis", JsonArray.of(0.0, 1_000.0));
    expect(Level.BAD, "An event loop is blocked", "us");
    state.put("accountHeld", true);
    expect(Level.BAD, "Infopass refuses our account", "us");
    state.put("stage", "DRAINING");
    expect(Level.WARN, "Stopping", "");
  }

  @Test
  void aCircuitThatOpenedForSlownessSaysSo() {
    state.put("breaker", new JsonObject().put("state", "OPEN").put("failures", 2).put("slow", 9));
    expect(Level.BAD, "Infopass is slow: the circuit is open", "Infopass");
  }

  @Test
  void aBugIsOurs() {
    answered(Problem.INTERNAL, 9);
    expect(Level.WARN, "Requests fail: internal", "us");
  }
}
