package infopass.gateway.infopass;

import infopass.gateway.digilocker.Outcome;
import infopass.gateway.tracing.Attributes;
import infopass.gateway.tracing.Span;
import infopass.gateway.tracing.Spans;
import infopass.gateway.tracing.Spans.Kind;
import java.net.URI;

/** The spans of attempts at the partner. Thread-safe. */
final class AttemptSpans {
  private static final String METHOD = "POST";
  private static final String NAME = METHOD + ' ' + PartnerConnections.PATH;

  private final Spans spans;
  private final URI target;

  /**
   * @param target where attempts go, without a query
   */
  AttemptSpans(Spans spans, URI target) {
    this.spans = spans;
    this.target = target;
  }

  /** Begins the span of an attempt that the call has just begun. */
  Span begin(PartnerCall call) {
    Span span = spans.start(Kind.CLIENT, NAME, call.command().trace());
    if (span.recorded()) {
      span.with(Attributes.HTTP_METHOD, METHOD)
          .with(Attributes.URL_FULL, target.toString())
          .with(Attributes.SERVER_ADDRESS, target.getHost())
          .with(Attributes.CORRELATION_ID, call.command().correlationId())
          .with(Attributes.ATTEMPT, call.attempts());
      if (target.getPort() >= 0) {
        span.with(Attributes.SERVER_PORT, target.getPort());
      }
      if (call.attempts() > 1) {
        span.with(Attributes.HTTP_RESEND_COUNT, call.attempts() - 1);
      }
    }
    return span;
  }

  /** Ends the span of an attempt that gave a link. */
  static void granted(Span span) {
    span.with(Attributes.OUTCOME, "granted").end();
  }

  /**
   * Ends the span of one that did not.
   *
   * @param outcome what the partner may have done with this attempt alone
   */
  static void failed(Span span, PartnerFailure why, Outcome outcome) {
    span.failed(why.failure().problem().slug()).with(Attributes.OUTCOME, outcome.word()).end();
  }
}
