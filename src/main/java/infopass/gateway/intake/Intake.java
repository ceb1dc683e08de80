package infopass.gateway.intake;

import infopass.gateway.bus.InitBus;
import infopass.gateway.digilocker.CountdownLinks;
import infopass.gateway.digilocker.SessionWatch;
import infopass.gateway.http.Lifecycle;
import infopass.gateway.http.RouteGroup;
import io.vertx.core.Deployable;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Makes both doors, alike in everything behind them. Thread-safe.
 *
 * @param rules which requests are let through
 * @param maxBodyBytes largest body
 * @param overall longest time from a request's arrival to its answer
 * @param ownAuthorization the gateway's credentials, for event-bus consumers that bring none
 * @param sessions makes a watch over the sessions of one event loop
 */
public record Intake(
    InitConfig rules,
    int maxBodyBytes,
    Duration overall,
    Optional<String> ownAuthorization,
    InFlight inFlight,
    Lifecycle lifecycle,
    InitBus bus,
    CountdownLinks links,
    Supplier<SessionWatch> sessions,
    Clock clock,
    LongSupplier nanoTime) {

  /** The HTTP door, for the event loop this is called on. */
  public RouteGroup routes() {
    return new InitRoutes(desk(), new InitAnswer(links, clock), maxBodyBytes, overall);
  }

  /** The event-bus door, to be deployed. */
  public Deployable consumer(RandomGenerator random) {
    return new InitConsumer(
        this::desk,
        new InitAnswer(links, clock),
        maxBodyBytes,
        overall,
        ownAuthorization,
        nanoTime,
        random);
  }

  private InitDesk desk() {
    return new InitDesk(rules, inFlight, lifecycle, bus.asker(), sessions.get());
  }

  /** Shows nothing: it holds credentials. */
  @Override
  public String toString() {
    return "Intake";
  }
}
