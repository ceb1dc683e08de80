package infopass.gateway.intake;

import infopass.gateway.audit.AuditTrail;
import infopass.gateway.bus.InitBus;
import infopass.gateway.callers.Callers;
import infopass.gateway.digilocker.CountdownLinks;
import infopass.gateway.digilocker.SessionWatch;
import infopass.gateway.http.AnswerListener;
import infopass.gateway.http.Lifecycle;
import infopass.gateway.http.RouteGroup;
import infopass.gateway.idempotency.IdempotencyStore;
import infopass.gateway.tracing.Spans;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Makes both doors, alike in everything behind them. Thread-safe.
 *
 * @param rules which requests are let through
 * @param maxBodyBytes largest body
 * @param overall longest time from a request's arrival to its answer
 * @param callers tells who asks
 * @param store what is known of requests with an Idempotency-Key
 * @param sessions makes a watch over the sessions of one event loop
 * @param trail takes note of every init
 * @param spans records how long what took
 * @param listener is told how each request ended
 */
public record Intake(
    Supplier<InitConfig> rules,
    int maxBodyBytes,
    Duration overall,
    Callers callers,
    IdempotencyStore store,
    InFlight inFlight,
    Lifecycle lifecycle,
    InitBus bus,
    CountdownLinks links,
    Supplier<SessionWatch> sessions,
    AuditTrail trail,
    InitListener listener,
    Clock clock,
    LongSupplier nanoTime,
    Spans spans) {
  /** Where inits are asked for by HTTP. */
  public static final String PATH = InitRoutes.PATH;

  /** The HTTP door, for the event loop this is called on. */
  public RouteGroup routes(Vertx vertx, RandomGenerator random) {
    return new InitRoutes(
        vertx,
        callers,
        desk(vertx, random),
        new InitAnswer(links, clock),
        maxBodyBytes,
        overall,
        new InitSpans(spans));
  }

  /**
   * The consumer of inits on the event bus, to be deployed.
   *
   * @param answers is called for every init that is answered, of one event loop
   */
  public Deployable consumer(Vertx vertx, RandomGenerator random, AnswerListener answers) {
    return new InitConsumer(
        () -> desk(vertx, random),
        new InitAnswer(links, clock),
        maxBodyBytes,
        overall,
        callers,
        nanoTime,
        random,
        new InitSpans(spans),
        answers);
  }

  private InitDesk desk(Vertx vertx, RandomGenerator random) {
    return new InitDesk(
        new RequestCheck(rules),
        inFlight,
        lifecycle,
        new Duplicates(store, vertx, nanoTime),
        bus.asker(),
        sessions.get(),
        listener,
        trail,
        clock,
        random,
        new InitSpans(spans));
  }

  /** Shows nothing: it holds credentials. */
  @Override
  public String toString() {
    return "Intake";
  }
}
