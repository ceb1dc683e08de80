package infopass.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;

/**
 * What the state means, for somebody who was just woken up: what is wrong, whose it is, what it
 * costs, what to do first. Only the gravest trouble is told: the others often follow from it.
 *
 * @param level how bad it is
 * @param headline what is wrong
 * @param whose who can mend it; empty where nothing is wrong
 * @param cost what it costs right now
 * @param first what to do first
 */
record Verdict(Level level, String headline, String whose, String cost, String first) {
  /** How bad things are. */
  enum Level {
    GOOD,
    WARN,
    BAD
  }

  private static final double LAG_MILLIS = 1_000;
  private static final double FEW = 0.05;
  private static final String INFOPASS = "Infopass";
  private static final String US = "us";
  private static final String FAILS = "Infopass fails: the circuit is open";

  static Verdict of(JsonObject state) {
    return Stream.of(
            stage(state.getString("stage")),
            account(state),
            // Before the circuit, to which our own lateness looks like a slow partner.
            loops(state.getJsonArray("lagMillis")),
            circuit(state),
            overload(state),
            quota(state),
            failures(state))
        .filter(verdict -> verdict != null)
        .findFirst()
        .orElseGet(() -> good(state));
  }

  JsonObject json() {
    return new JsonObject()
        .put("level", level.name())
        .put("headline", headline)
        .put("whose", whose)
        .put("cost", cost)
        .put("first", first);
  }

  private static Verdict stage(String stage) {
    return switch (stage) {
      case "STARTING" ->
          new Verdict(Level.WARN, "Starting", "", "No requests are taken yet.", "Wait for ready.");
      case "LEAVING", "DRAINING" ->
          new Verdict(
              Level.WARN,
              "Stopping",
              "",
              "This replica takes itself out of service; no request is lost.",
              "Nothing, if somebody stopped it.");
      default -> null;
    };
  }

  private static Verdict account(JsonObject state) {
    return !state.getBoolean("accountHeld")
        ? null
        : new Verdict(
            Level.BAD,
            "Infopass refuses our account",
            US,
            "Calls with the gateway's own account get no link. "
                + refused(state, "upstream-credentials"),
            "Look for upstreamStatus in the log, and mend the account or its balance at Infopass.");
  }

  private static Verdict circuit(JsonObject state) {
    JsonObject breaker = state.getJsonObject("breaker");
    String circuit = breaker.getString("state");
    if (circuit.equals("CLOSED")) {
      return null;
    }
    boolean slow = breaker.getInteger("slow", 0) > breaker.getInteger("failures", 0);
    String open = slow ? "Infopass is slow: the circuit is open" : FAILS;
    return new Verdict(
        Level.BAD,
        circuit.equals("OPEN") ? open : "Probing Infopass",
        INFOPASS,
        refused(state, "circuit-open"),
        slow
            ? "Tell Infopass how long its calls take. It closes by itself once they are quick."
            : "See which failures came before it opened. It closes by itself once Infopass"
                + " answers.");
  }

  private static Verdict loops(JsonArray lags) {
    double worst = lags.stream().mapToDouble(lag -> ((Number) lag).doubleValue()).max().orElse(0);
    return worst < LAG_MILLIS
        ? null
        : new Verdict(
            Level.BAD,
            "An event loop is blocked",
            US,
            "Everything on this loop waits " + Math.round(worst) + " ms.",
            "Check the processor and its limits; take a thread dump and report it.");
  }

  private static Verdict overload(JsonObject state) {
    return count(state, "overloaded") == 0
        ? null
        : new Verdict(
            Level.BAD,
            "All places are taken",
            US,
            refused(state, "overloaded"),
            "Is Infopass slow? Then wait. Else add replicas, or raise infopass.pool.");
  }

  private static Verdict quota(JsonObject state) {
    JsonObject pacer = state.getJsonObject("pacer");
    boolean waits = pacer.getInteger("waiting") > 0 || pacer.getDouble("holdSeconds") > 0;
    long busy = count(state, "upstream-busy");
    long unavailable = state.getJsonObject("traffic").getLong("unavailable", 0L);
    if (busy > 0 && 2 * unavailable >= busy) {
      return new Verdict(
          Level.BAD,
          "Infopass takes no requests",
          INFOPASS,
          refused(state, "upstream-busy"),
          "It answers 503, which is no quota. Report it to Infopass; nothing here mends it.");
    }
    if (busy > 0) {
      return new Verdict(
          Level.BAD,
          "The quota of Infopass is used up",
          INFOPASS,
          refused(state, "upstream-busy"),
          "Ask Infopass for a larger quota. Does one caller ask for more than its share?");
    }
    return !waits
        ? null
        : new Verdict(
            Level.WARN,
            "Requests wait for the quota of Infopass",
            INFOPASS,
            "A new caller waits about "
                + Math.round(pacer.getDouble("predictedWaitSeconds"))
                + " s for a link.",
            "Nothing yet. If it lasts, ask Infopass for a larger quota.");
  }

  private static Verdict failures(JsonObject state) {
    JsonObject traffic = state.getJsonObject("traffic");
    long all = sum(traffic.getJsonArray("inits"));
    JsonObject worst =
        traffic.getJsonArray("problems").stream()
            .map(JsonObject.class::cast)
            .filter(problem -> problem.getInteger("status") >= 500)
            .findFirst()
            .orElse(null);
    if (worst == null || sum(traffic.getJsonArray("failures")) < all * FEW) {
      return null;
    }
    String slug = worst.getString("slug");
    return new Verdict(
        Level.WARN,
        "Requests fail: " + slug,
        slug.equals("internal") ? US : INFOPASS,
        refused(state, slug),
        "Look up " + slug + " in the runbook.");
  }

  private static Verdict good(JsonObject state) {
    long inits = sum(state.getJsonObject("traffic").getJsonArray("inits"));
    return new Verdict(
        Level.GOOD,
        inits == 0 ? "Ready; nobody asks" : "All is well",
        "",
        inits + (inits == 1 ? " init" : " inits") + " in the last minute.",
        "");
  }

  private static String refused(JsonObject state, String slug) {
    long count = count(state, slug);
    return count + (count == 1 ? " request" : " requests") + " refused in the last minute.";
  }

  private static long count(JsonObject state, String slug) {
    return state.getJsonObject("traffic").getJsonArray("problems").stream()
        .map(JsonObject.class::cast)
        .filter(problem -> problem.getString("slug").equals(slug))
        .mapToLong(problem -> problem.getLong("count"))
        .sum();
  }

  private static long sum(JsonArray counts) {
    return counts.stream().mapToLong(count -> ((Number) count).longValue()).sum();
  }
}
