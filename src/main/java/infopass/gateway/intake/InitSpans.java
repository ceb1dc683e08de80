package infopass.gateway.intake;

import infopass.gateway.bus.Addresses;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.TraceParent;
import infopass.gateway.http.Exchange;
import infopass.gateway.tracing.Attributes;
import infopass.gateway.tracing.Span;
import infopass.gateway.tracing.Spans;
import infopass.gateway.tracing.Spans.Kind;

/** The spans of both doors, and of the hop over the bus from them to the partner side. */
final class InitSpans {
  private static final String METHOD = "POST";
  private static final String HTTP = METHOD + ' ' + InitRoutes.PATH;
  private static final String MESSAGE = "process " + Addresses.INIT;
  private static final String HOP = "request " + Addresses.PARTNER;
  private static final String BUS = "vertx";
  private static final String GRANTED = "granted";

  /** Not a problem of ours: nobody was there to be told one. */
  private static final String CALLER_LEFT = "caller-left";

  private final Spans spans;

  InitSpans(Spans spans) {
    this.spans = spans;
  }

  /** Begins the span of a request at the HTTP door; it ends with the exchange. */
  Span http(Exchange exchange) {
    if (spans == Spans.OFF) {
      return Span.NONE;
    }
    Span span = spans.start(Kind.SERVER, HTTP, exchange.callersTrace());
    if (span.recorded()) {
      span.with(Attributes.HTTP_METHOD, METHOD)
          .with(Attributes.HTTP_ROUTE, InitRoutes.PATH)
          .with(Attributes.URL_PATH, InitRoutes.PATH)
          .with(Attributes.URL_SCHEME, exchange.request().isSSL() ? "https" : "http")
          .with(Attributes.CORRELATION_ID, exchange.correlationId());
      exchange.response().endHandler(over -> end(span, exchange));
    }
    return span;
  }

  private static void end(Span span, Exchange exchange) {
    if (exchange.response().ended()) {
      int status = exchange.response().getStatusCode();
      span.with(Attributes.HTTP_STATUS, status);
      if (exchange.problem() != null) {
        fault(span, exchange.problem().slug(), status);
      }
    } else {
      span.failed(CALLER_LEFT);
    }
    span.end();
  }

  /**
   * Begins the span of a request at the event-bus door.
   *
   * @param traceparent what the sender gave; null for nothing
   */
  Span message(String traceparent, String correlationId) {
    if (spans == Spans.OFF) {
      return Span.NONE;
    }
    return spans
        .start(Kind.SERVER, MESSAGE, TraceParent.parse(traceparent).orElse(null))
        .with(Attributes.MESSAGING_SYSTEM, BUS)
        .with(Attributes.MESSAGING_OPERATION, "process")
        .with(Attributes.MESSAGING_DESTINATION, Addresses.INIT)
        .with(Attributes.CORRELATION_ID, correlationId);
  }

  /** Ends the span of a message that was answered with a failure. */
  static void end(Span span, InitFailure failure) {
    fault(span, failure.problem().slug(), failure.status());
    span.end();
  }

  /** Begins the span of the question to the partner side and of its way there and back. */
  Span hop(TraceParent parent, String correlationId) {
    return spans
        .start(Kind.INTERNAL, HOP, parent)
        .with(Attributes.MESSAGING_SYSTEM, BUS)
        .with(Attributes.MESSAGING_OPERATION, "request")
        .with(Attributes.MESSAGING_DESTINATION, Addresses.PARTNER)
        .with(Attributes.CORRELATION_ID, correlationId);
  }

  /** Ends the span of a question. */
  static void end(Span hop, InitOutcome outcome) {
    if (outcome instanceof InitOutcome.Denied denied) {
      InitFailure failure = denied.failure();
      hop.failed(failure.problem().slug());
      if (failure.outcome() != null) {
        hop.with(Attributes.OUTCOME, failure.outcome().word());
      }
    } else {
      hop.with(Attributes.OUTCOME, GRANTED);
    }
    hop.end();
  }

  /** A refusal of what the caller did is no error of the server that refuses it. */
  private static void fault(Span span, String slug, int status) {
    if (status >= 500) {
      span.failed(slug);
    } else {
      span.with(Attributes.ERROR_TYPE, slug);
    }
  }
}
