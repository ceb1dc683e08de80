package infopass.gateway.management;

import infopass.gateway.http.Endpoint;
import infopass.gateway.http.Exchange;
import infopass.gateway.http.Lifecycle;
import infopass.gateway.http.RouteGroup;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The three probes of an orchestrator. None depends on the partner: a partner that is down is no
 * reason to restart this process or to take it out of rotation. Belongs to one event loop.
 */
public final class HealthRoutes implements RouteGroup {
  private final Lifecycle lifecycle;
  private final BooleanSupplier loopsTurn;
  private final Map<String, BooleanSupplier> readiness;

  /**
   * @param loopsTurn whether every event loop has turned lately
   * @param readiness more that has to hold for this process to be sent requests
   */
  public HealthRoutes(
      Lifecycle lifecycle, BooleanSupplier loopsTurn, Map<String, BooleanSupplier> readiness) {
    this.lifecycle = lifecycle;
    this.loopsTurn = loopsTurn;
    this.readiness = Map.copyOf(readiness);
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        probe("/health/live", "Whether this process should be left running", this::live),
        probe("/health/ready", "Whether this process should be sent requests", this::ready),
        probe("/health/started", "Whether this process has started", this::started));
  }

  private Endpoint probe(String path, String summary, Supplier<Map<String, Boolean>> checks) {
    return new Endpoint(HttpMethod.GET, path, summary, exchange -> answer(exchange, checks.get()));
  }

  private Map<String, Boolean> live() {
    return Map.of("event-loops", loopsTurn.getAsBoolean());
  }

  private Map<String, Boolean> ready() {
    Map<String, Boolean> checks = new LinkedHashMap<>(started());
    checks.put("not-draining", !lifecycle.stopping());
    readiness.forEach((name, holds) -> checks.put(name, holds.getAsBoolean()));
    return checks;
  }

  private Map<String, Boolean> started() {
    return Map.of("listening", lifecycle.stage() != Lifecycle.Stage.STARTING);
  }

  private static void answer(Exchange exchange, Map<String, Boolean> checks) {
    boolean up = !checks.containsValue(false);
    JsonArray list = new JsonArray();
    checks.forEach(
        (name, holds) -> list.add(new JsonObject().put("id", name).put("status", status(holds))));
    JsonObject body =
        new JsonObject().put("status", status(up)).put("outcome", status(up)).put("checks", list);
    exchange
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .reply(up ? 200 : 503, "application/json", body.toBuffer());
  }

  private static String status(boolean up) {
    return up ? "UP" : "DOWN";
  }
}
