package infopass.gateway;

import infopass.gateway.countdown.CountdownRoutes;
import infopass.gateway.countdown.ExpiryLedger;
import infopass.gateway.digilocker.SessionWatch;
import infopass.gateway.http.HttpConfig;
import infopass.gateway.http.ProblemPages;
import infopass.gateway.http.RouteGroup;
import infopass.gateway.intake.Intake;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The composition of what callers reach: the two doors to an init, countdowns and pages.
 *
 * @param config the configuration in use
 * @param pushed what is told of inits
 */
record PublicSide(
    Supplier<GatewayConfig> config,
    Vertx vertx,
    Surroundings world,
    Shared shared,
    Pushed pushed,
    Cluster cluster) {

  /** What the public port serves. Called on each listener instance's event loop. */
  List<RouteGroup> routes() {
    return List.of(
        intake().routes(vertx, world.random().get()),
        new CountdownRoutes(
            vertx,
            shared.links(),
            config.get().countdown().expiringAt(),
            origins(config.get().http()),
            shared.streams(),
            world.clock()),
        new ProblemPages(),
        new PublicFiles(),
        new WebFiles(config.get().uiEnabled()));
  }

  /** Those that are listed, and our own where a proxy rewrites Host. */
  private static List<String> origins(HttpConfig http) {
    if (http.publicUrl().isEmpty()) {
      return http.allowedOrigins();
    }
    int path = http.publicUrl().indexOf('/', http.publicUrl().indexOf("://") + 3);
    List<String> all = new ArrayList<>(http.allowedOrigins());
    all.add(path < 0 ? http.publicUrl() : http.publicUrl().substring(0, path));
    return all;
  }

  Intake intake() {
    return new Intake(
        () -> config.get().init(),
        config.get().http().maxBodyBytes(),
        config.get().infopass().timeouts().overall(),
        shared.callers(),
        shared.repeated(),
        shared.inFlight(),
        shared.lifecycle(),
        shared.bus(),
        shared.links(),
        this::sessionWatch,
        shared.trail(),
        pushed.inits(),
        world.clock(),
        world.nanoTime(),
        shared.spans());
  }

  /** Every link that is given is watched to its end, on the event loop that gave it. */
  private SessionWatch sessionWatch() {
    return cluster.watched(
        new ExpiryLedger(
                vertx,
                world.clock(),
                config.get().countdown().expiringAt(),
                shared.watchLimit(),
                shared.sessions()::publish)
            .start());
  }
}
