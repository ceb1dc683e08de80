package infopass.gateway.http;

import infopass.gateway.resilience.TimerWheel;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What the instances of one listener have in common. Thread-safe.
 *
 * @param lifecycle whether this process is about to stop
 * @param clock the wall clock
 * @param nanoTime the monotonic clock
 * @param random makes a source of ids for one event loop
 * @param requestTimeout longest time for a request to arrive whole
 * @param idleTimeout longest time without a request on a connection
 * @param maxConnections most open connections, all instances together
 * @param grace longest time for open requests to end when an instance stops
 * @param accessLog whether answered requests are logged, sampled
 * @param answers makes what hears of the answers of one instance, on its event loop
 * @param openConnections how many connections are open now
 * @param port the port that was bound, 0 before
 * @param acceptor the socket that connections are taken from
 * @param proxies whose word on where a request came from is taken
 */
public record ListenerSettings(
    Lifecycle lifecycle,
    Clock clock,
    LongSupplier nanoTime,
    Supplier<RandomGenerator> random,
    Duration requestTimeout,
    Duration idleTimeout,
    int maxConnections,
    Duration grace,
    boolean accessLog,
    Supplier<AnswerListener> answers,
    AtomicInteger openConnections,
    AtomicInteger port,
    Acceptor acceptor,
    TrustedProxies proxies) {

  /**
   * @param timers of the event loop
   * @param secure whether the listener speaks TLS
   * @param bodies of the event loop
   */
  Listener listener(TimerWheel timers, boolean secure, BodyBudget bodies) {
    return new Listener(
        lifecycle,
        clock,
        nanoTime,
        timers,
        random.get(),
        requestTimeout,
        new DateHeader(clock),
        accessLog ? AccessLog.sampled() : AccessLog.OFF,
        answers.get(),
        new HashSet<>(),
        secure,
        proxies,
        bodies);
  }
}
