package infopass.gateway.intake;

import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.http.Endpoint;
import infopass.gateway.http.Exchange;
import infopass.gateway.http.RouteGroup;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The HTTP door: {@code POST /api/v1/in/digilocker/init}. Belongs to one event loop. */
final class InitRoutes implements RouteGroup {
  static final String PATH = "/api/v1/in/digilocker/init";

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final CharSequence PREFER = HttpHeaders.createOptimized("Prefer");
  private static final CharSequence SERVER_TIMING = HttpHeaders.createOptimized("Server-Timing");

  private final InitDesk desk;
  private final InitAnswer answer;
  private final int maxBodyBytes;
  private final Duration overall;

  InitRoutes(InitDesk desk, InitAnswer answer, int maxBodyBytes, Duration overall) {
    this.desk = desk;
    this.answer = answer;
    this.maxBodyBytes = maxBodyBytes;
    this.overall = overall;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.POST, PATH, "Ask Infopass for a DigiLocker link", this::init));
  }

  private void init(Exchange exchange) {
    Optional<BasicAuthorization> authorization =
        BasicAuthorization.parse(exchange.single(HttpHeaders.AUTHORIZATION));
    if (authorization.isEmpty()) {
      fail(
          exchange,
          InitFailure.notSent(
              Problem.UNAUTHENTICATED, "Basic credentials are missing or malformed."));
    } else if (!isJson(exchange.single(HttpHeaders.CONTENT_TYPE))) {
      fail(
          exchange,
          InitFailure.notSent(
              Problem.UNSUPPORTED_MEDIA_TYPE, "The content type must be application/json."));
    } else {
      exchange.readBody(maxBodyBytes, body -> ask(exchange, authorization.get(), body));
    }
  }

  private void ask(Exchange exchange, BasicAuthorization authorization, byte[] body) {
    CallerPresence presence = new CallerPresence();
    exchange.whenGone(presence::leave);
    InitDesk.Request request =
        new InitDesk.Request(
            exchange.correlationId(),
            authorization.userId(),
            authorization.value(),
            false,
            exchange.trace(),
            body,
            deadline(exchange),
            presence);
    desk.handle(request).map(outcome -> reply(exchange, outcome)).onFailure(exchange::broken);
  }

  /** The caller's patience lowers the deadline, never raises it. */
  private Deadline deadline(Exchange exchange) {
    Duration budget = overall;
    if (exchange.request().getHeader(PREFER) != null) {
      Optional<Duration> wait = Prefer.wait(exchange.request().headers().getAll(PREFER));
      if (wait.isPresent() && wait.get().compareTo(budget) < 0) {
        budget = wait.get();
      }
    }
    return new Deadline(exchange.startedNanos() + budget.toNanos());
  }

  private Void reply(Exchange exchange, InitOutcome outcome) {
    if (outcome instanceof InitOutcome.Granted granted) {
      InitSession session = granted.session();
      exchange.header(HttpHeaders.CACHE_CONTROL, NO_STORE);
      exchange.header(SERVER_TIMING, timing(session.partnerTime(), exchange.elapsedNanos()));
      exchange.reply(200, JSON, answer.write(session, exchange.correlationId()));
    } else if (outcome instanceof InitOutcome.Denied denied) {
      fail(exchange, denied.failure());
    }
    return null;
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

  /** {@code application/json}, without a charset or with the only one that JSON knows. */
  private static boolean isJson(String contentType) {
    if (contentType == null) {
      return false;
    }
    if (contentType.equals("application/json")) {
      return true;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", 8);
    if (!parts[0].strip().equals("application/json")) {
      return false;
    }
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip();
      if (parameter.startsWith("charset=")
          && !parameter.substring("charset=".length()).replace("\"", "").equals("utf-8")) {
        return false;
      }
    }
    return true;
  }
}
