package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.logging.LogLimit;
import infopass.gateway.resilience.TimerWheel;
import infopass.gateway.tracing.Attributes;
import infopass.gateway.tracing.Span;
import infopass.gateway.tracing.Spans;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The wire: one POST to the partner on a pooled connection, bounded in time and size. It tells what
 * was provably not sent from what may have been processed. Belongs to one event loop.
 */
public final class HttpInfopassClient implements InfopassClient {
  private static final CharSequence CORRELATION_ID =
      HttpHeaders.createOptimized("X-Correlation-Id");
  private static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");

  private static final byte[] NO_BODY = {};
  private static final int PROXY_AUTHENTICATION_REQUIRED = 407;
  private static final Logger LOG = LoggerFactory.getLogger(HttpInfopassClient.class);
  private static final LogLimit LIMIT = new LogLimit();

  private final PartnerConnections connections;
  private final AnswerJudge judge;
  private final Duration attemptTimeout;
  private final CallCounters counters;
  private final AttemptListener attempts;
  private final TimerWheel timers;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final AttemptSpans spans;
  private final RepeatedDate dates = new RepeatedDate();

  public HttpInfopassClient(
      PartnerConnections connections,
      TokenConfig tokenConfig,
      Duration attemptTimeout,
      CallCounters counters,
      AttemptListener attempts,
      TimerWheel timers,
      Clock clock,
      LongSupplier nanoTime,
      Spans spans) {
    this.connections = connections;
    this.judge = new AnswerJudge(tokenConfig, counters);
    this.attemptTimeout = attemptTimeout;
    this.counters = counters;
    this.attempts = attempts;
    this.timers = timers;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.spans = new AttemptSpans(spans, connections.target());
  }

  @Override
  public Future<InitSession> init(PartnerCall call) {
    if (call.stopped() != null) {
      return Future.failedFuture(call.stopped());
    }
    call.attemptBegins();
    long begun = nanoTime.getAsLong();
    Span span = spans.begin(call);
    Attempt attempt =
        new Attempt(
            clock,
            request -> {
              fields(request.headers(), call.command(), span);
              call.requestWritten();
              counters.partnerCalled();
            });
    Promise<HttpResponse<Buffer>> answered = Promise.promise();
    TimerWheel.Timeout timeout =
        timers.after(
            attemptTimeout.toMillis(),
            () -> end(attempt, answered, AttemptFailures.timedOut(attempt)));
    call.whenStopped(() -> end(attempt, answered, call.stopped()));
    connections
        .send(attempt, Buffer.buffer(call.command().body().bytes()))
        .onComplete(answered::tryComplete, answered::tryFail);
    return answered
        .future()
        .transform(
            done -> {
              timeout.cancel();
              call.whenStopped(null);
              attempt.over();
              long elapsed = nanoTime.getAsLong() - begun;
              HttpClientResponse huge = attempt.tooLarge();
              if (huge != null && !judge.readsBodyOf(huge.statusCode())) {
                return judged(call, attempt, span, answer(attempt, huge), elapsed);
              }
              return done.succeeded()
                  ? judged(call, attempt, span, answer(attempt, done.result()), elapsed)
                  : failed(
                      call,
                      attempt,
                      span,
                      attempt.abortedFor() == null ? done.cause() : attempt.abortedFor(),
                      elapsed);
            });
  }

  /** Once, on the request itself: those given to the Web Client would be copied three times. */
  private void fields(MultiMap headers, InitCommand command, Span span) {
    connections.commonFields(headers);
    headers
        .set(HttpHeaders.AUTHORIZATION, command.authorization())
        .set(CORRELATION_ID, command.correlationId())
        .set(TRACEPARENT, span.contextOr(command.trace()).header());
  }

  private static void end(
      Attempt attempt, Promise<HttpResponse<Buffer>> answered, PartnerFailure why) {
    // The reset may fail the request before abort returns: the attempt itself knows why it ended.
    attempt.abort(why);
    answered.tryFail(why);
  }

  private PartnerAnswer answer(Attempt attempt, HttpResponse<Buffer> response) {
    Buffer body = response.body();
    return answer(
        attempt,
        response.statusCode(),
        body == null
            ? NO_BODY
            : ContentCodings.decode(
                response.getHeader(HttpHeaders.CONTENT_ENCODING.toString()), body.getBytes()),
        response.getHeader(HttpHeaders.DATE.toString()),
        response.getHeader(HttpHeaders.RETRY_AFTER.toString()));
  }

  /** Its status says enough, so that nobody misses the body that was not read. */
  private PartnerAnswer answer(Attempt attempt, HttpClientResponse head) {
    return answer(
        attempt,
        head.statusCode(),
        NO_BODY,
        head.getHeader(HttpHeaders.DATE),
        head.getHeader(HttpHeaders.RETRY_AFTER));
  }

  private PartnerAnswer answer(
      Attempt attempt, int status, byte[] body, String date, String retryAfter) {
    Instant now = clock.instant();
    return new PartnerAnswer(
        status,
        body,
        attempt.sentAt(),
        now,
        dates.read(date, now),
        RetryAfter.parse(retryAfter, now).orElse(null));
  }

  private Future<InitSession> judged(
      PartnerCall call, Attempt attempt, Span span, PartnerAnswer answer, long elapsedNanos) {
    call.partnerTook(elapsedNanos);
    span.with(Attributes.HTTP_STATUS, answer.status());
    if (answer.status() == PROXY_AUTHENTICATION_REQUIRED && connections.proxied()) {
      PartnerFailure failure = AttemptFailures.byTheProxy();
      counters.notReached(UnreachableCause.PROXY);
      AttemptSpans.failed(span, failure, Outcome.NOT_SENT);
      ended(call, Outcome.NOT_SENT, elapsedNanos);
      return Future.failedFuture(failure);
    }
    try {
      InitSession session = judge.judge(call, answer);
      AttemptSpans.granted(span);
      attempts.granted(call.attempts(), elapsedNanos);
      return Future.succeededFuture(session);
    } catch (PartnerFailure failure) {
      if (failure.failure().problem() == Problem.UPSTREAM_MALFORMED) {
        attempt.distrust();
      }
      AttemptSpans.failed(span, failure, failure.failure().outcome());
      ended(call, failure.failure().outcome(), elapsedNanos);
      return Future.failedFuture(failure);
    }
  }

  private Future<InitSession> failed(
      PartnerCall call, Attempt attempt, Span span, Throwable cause, long elapsedNanos) {
    PartnerFailure failure =
        cause instanceof PartnerFailure ours ? ours : AttemptFailures.of(attempt, cause);
    if (failure.failure().problem() == Problem.UPSTREAM_UNREACHABLE && !attempt.written()) {
      notReached(call, cause);
    } else if (failure.failure().problem() == Problem.INTERNAL) {
      LIMIT
          .line(LOG, Level.ERROR, Problem.INTERNAL)
          .addKeyValue("correlationId", call.command().correlationId())
          .setCause(failure.getCause())
          .log("unexpected failure before the request was sent");
    }
    call.partnerTook(elapsedNanos);
    Outcome outcome = failure.failure().outcome();
    if (failure == call.stopped()) {
      outcome = attempt.written() ? Outcome.UNKNOWN : Outcome.NOT_SENT;
    }
    ended(call, outcome, elapsedNanos);
    AttemptSpans.failed(span, failure, outcome);
    return Future.failedFuture(failure);
  }

  private void notReached(PartnerCall call, Throwable thrown) {
    UnreachableCause cause =
        thrown instanceof PartnerFailure ? UnreachableCause.TIMEOUT : UnreachableCause.of(thrown);
    counters.notReached(cause);
    LIMIT
        .line(LOG, Level.WARN, cause)
        .addKeyValue("correlationId", call.command().correlationId())
        .addKeyValue("cause", cause.word())
        .log("Infopass cannot be reached");
  }

  private void ended(PartnerCall call, Outcome outcome, long elapsedNanos) {
    call.attemptEnds(outcome);
    attempts.failed(call.attempts(), outcome, elapsedNanos);
  }
}
