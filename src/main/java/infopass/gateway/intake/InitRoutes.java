package infopass.gateway.intake;

import infopass.gateway.callers.BasicAuthorization;
import infopass.gateway.callers.Caller;
import infopass.gateway.callers.CallerQuota;
import infopass.gateway.callers.Callers;
import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.http.Endpoint;
import infopass.gateway.http.Exchange;
import infopass.gateway.http.RouteGroup;
import infopass.gateway.idempotency.IdempotencyKey;
import infopass.gateway.tracing.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The HTTP door: {@code POST /api/v1/in/digilocker/init}. Belongs to one event loop. */
final class InitRoutes implements RouteGroup {
  static final String PATH = "/api/v1/in/digilocker/init";

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final CharSequence PREFER = HttpHeaders.createOptimized("Prefer");
  private static final CharSequence IDEMPOTENCY_KEY =
      HttpHeaders.createOptimized("Idempotency-Key");
  private static final CharSequence PURPOSE = HttpHeaders.createOptimized("X-Purpose");
  private static final CharSequence REPLAYED = HttpHeaders.createOptimized("Idempotent-Replayed");
  private static final CharSequence PREFERENCE_APPLIED =
      HttpHeaders.createOptimized("Preference-Applied");
  private static final CharSequence RATE_LIMIT = HttpHeaders.createOptimized("RateLimit");
  private static final CharSequence RATE_LIMIT_POLICY =
      HttpHeaders.createOptimized("RateLimit-Policy");
  private static final CharSequence SERVER_TIMING = HttpHeaders.createOptimized("Server-Timing");

  private final Vertx vertx;
  private final Callers callers;
  private final InitDesk desk;
  private final InitAnswer answer;
  private final int maxBodyBytes;
  private final Duration overall;
  private final InitSpans spans;

  InitRoutes(
      Vertx vertx,
      Callers callers,
      InitDesk desk,
      InitAnswer answer,
      int maxBodyBytes,
      Duration overall,
      InitSpans spans) {
    this.vertx = vertx;
    this.callers = callers;
    this.desk = desk;
    this.answer = answer;
    this.maxBodyBytes = maxBodyBytes;
    this.overall = overall;
    this.spans = spans;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.POST, PATH, "Ask Infopass for a DigiLocker link", this::init));
  }

  private void init(Exchange exchange) {
    Span span = spans.http(exchange);
    Optional<BasicAuthorization> authorization =
        BasicAuthorization.parse(exchange.single(HttpHeaders.AUTHORIZATION));
    if (authorization.isEmpty()) {
      fail(exchange, unauthenticated("Basic credentials are missing or malformed."));
      return;
    }
    Callers.Verdict verdict = callers.identify(authorization.get(), exchange.peer());
    if (verdict instanceof Callers.Verdict.Wrong wrong) {
      refuse(exchange, wrong);
    } else if (verdict instanceof Callers.Verdict.Known known) {
      read(exchange, span, known.caller());
    }
  }

  private void refuse(Exchange exchange, Callers.Verdict.Wrong wrong) {
    InitFailure failure = unauthenticated("The credentials are wrong.");
    if (wrong.close()) {
      exchange.closing();
    }
    if (wrong.delay().isZero()) {
      fail(exchange, failure);
    } else {
      vertx.setTimer(
          wrong.delay().toMillis(),
          over -> {
            wrong.release().run();
            fail(exchange, failure);
          });
    }
  }

  private void read(Exchange exchange, Span span, Caller caller) {
    Optional<IdempotencyKey> key;
    try {
      key = IdempotencyKey.parse(exchange.request().headers().getAll(IDEMPOTENCY_KEY));
    } catch (IllegalArgumentException malformed) {
      fail(exchange, InitFailure.notSent(Problem.INVALID_REQUEST, malformed.getMessage()));
      return;
    }
    if (!isJson(exchange.single(HttpHeaders.CONTENT_TYPE))) {
      fail(
          exchange,
          InitFailure.notSent(
              Problem.UNSUPPORTED_MEDIA_TYPE, "The content type must be application/json."));
    } else if (isCoded(exchange.request())) {
      // Infopass is sent the bytes, and not the field that says how to read them.
      exchange.header(HttpHeaders.ACCEPT_ENCODING, "identity");
      fail(
          exchange,
          InitFailure.notSent(
              Problem.UNSUPPORTED_MEDIA_TYPE, "The body must not have a content coding."));
    } else {
      exchange.readBody(maxBodyBytes, body -> ask(exchange, span, caller, key, body));
    }
  }

  private void ask(
      Exchange exchange, Span span, Caller caller, Optional<IdempotencyKey> key, byte[] body) {
    CallerPresence presence = new CallerPresence();
    exchange.whenGone(presence::leave);
    Optional<Duration> wait = wait(exchange);
    Duration patience = wait.filter(given -> given.compareTo(overall) < 0).orElse(overall);
    InitDesk.Request request =
        new InitDesk.Request(
            exchange.correlationId(),
            caller,
            span.recorded() ? span.context() : exchange.trace(),
            body,
            new Deadline(exchange.startedNanos() + patience.toNanos()),
            presence,
            key,
            wait.isPresent(),
            Purpose.of(exchange.single(PURPOSE)));
    desk.handle(request)
        .map(result -> reply(exchange, caller, wait, result))
        .onFailure(exchange::broken);
  }

  /** The caller's patience, which lowers the deadline and never raises it. */
  private static Optional<Duration> wait(Exchange exchange) {
    return exchange.request().getHeader(PREFER) == null
        ? Optional.empty()
        : Prefer.wait(exchange.request().headers().getAll(PREFER));
  }

  private Void reply(Exchange exchange, Caller caller, Optional<Duration> wait, InitResult result) {
    if (exchange.over()) {
      return null;
    }
    if (caller.quota().isPresent()) {
      CallerQuota.Standing standing = caller.quota().get().standing();
      exchange.header(RATE_LIMIT_POLICY, standing.policyField());
      exchange.header(RATE_LIMIT, standing.field());
    }
    if (result.replayed()) {
      exchange.header(REPLAYED, "true");
    }
    if (result.joined() && wait.isPresent()) {
      exchange.header(PREFERENCE_APPLIED, "wait=" + wait.get().toSeconds());
    }
    if (result.outcome() instanceof InitOutcome.Granted granted) {
      InitSession session = granted.session();
      Buffer content = answer.write(session, exchange.correlationId());
      exchange.header(HttpHeaders.CACHE_CONTROL, NO_STORE);
      exchange.header(SERVER_TIMING, timing(session.partnerTime(), exchange.elapsedNanos()));
      exchange.reply(200, JSON, content);
    } else if (result.outcome() instanceof InitOutcome.Denied denied) {
      fail(exchange, denied.failure());
    }
    return null;
  }

  private static InitFailure unauthenticated(String detail) {
    return InitFailure.notSent(Problem.UNAUTHENTICATED, detail);
  }

  private static void fail(Exchange exchange, InitFailure failure) {
    InitLog.denied(exchange.correlationId(), failure, exchange.elapsedMillis());
    exchange.fail(failure);
  }

  /** Milliseconds with one decimal, without the cost of a formatter. */
  private static String timing(Duration partner, long elapsedNanos) {
    long partnerTenths = partner.toNanos() / 100_000;
    long ownTenths = Math.max(0, elapsedNanos / 100_000 - partnerTenths);
    return "infopass;dur="
        + partnerTenths / 10
        + '.'
        + partnerTenths % 10
        + ", gateway;dur="
        + ownTenths / 10
        + '.'
        + ownTenths % 10;
  }

  private static boolean isCoded(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.CONTENT_ENCODING)
        && !request.headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
            .allMatch("identity"::equalsIgnoreCase);
  }

  /** {@code application/json}, whose parameters have no effect (RFC 8259 section 11). */
  private static boolean isJson(String contentType) {
    if (contentType == null) {
      return false;
    }
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.strip().equalsIgnoreCase("application/json");
  }
}
