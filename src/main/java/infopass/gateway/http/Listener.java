package infopass.gateway.http;

import infopass.gateway.resilience.TimerWheel;
import io.vertx.core.http.HttpConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What all exchanges of one listener instance share. Belongs to one event loop.
 *
 * @param lifecycle whether this process is about to stop
 * @param clock the wall clock
 * @param nanoTime the monotonic clock
 * @param timers for time limits of requests
 * @param random source of correlation and trace ids
 * @param requestTimeout longest time for a request to arrive whole
 * @param date the Date field
 * @param accessLog where finished exchanges are noted
 * @param answers is told of every answer
 * @param ending open HTTP/1 connections whose last answer has been given
 * @param secure whether it speaks TLS
 * @param proxies whose word on where a request came from is taken
 * @param bodies room for bodies that have not arrived whole
 */
record Listener(
    Lifecycle lifecycle,
    Clock clock,
    LongSupplier nanoTime,
    TimerWheel timers,
    RandomGenerator random,
    Duration requestTimeout,
    DateHeader date,
    AccessLog accessLog,
    AnswerListener answers,
    Set<HttpConnection> ending,
    boolean secure,
    TrustedProxies proxies,
    BodyBudget bodies) {}
