package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.infopass.PartnerFailure.Health;
import infopass.gateway.infopass.PartnerFailure.Replay;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.time.Duration;

/** Distinguishes what was provably not processed from what may have been. Stateless. */
final class AttemptFailures {
  /** HTTP/2's error code for a request that was not processed (RFC 9113 section 7). */
  private static final long REFUSED_STREAM = 7;

  /** HTTP/2's error code of a connection that ends as planned (RFC 9113 section 7). */
  private static final long NO_ERROR = 0;

  private AttemptFailures() {}

  /** The attempt took longer than one may. */
  static PartnerFailure timedOut(Attempt attempt) {
    return attempt.written()
        ? new PartnerFailure(
            InitFailure.of(Problem.DEADLINE_EXCEEDED, "Infopass did not answer completely in time.")
                .withOutcome(Outcome.UNKNOWN),
            Replay.NEVER,
            Health.ILL)
        : unreachable();
  }

  /** Says what an attempt without an answer means. To be asked once it is over. */
  static PartnerFailure of(Attempt attempt, Throwable cause) {
    if (attempt.tooLarge() != null) {
      return new PartnerFailure(
          InitFailure.of(
                  Problem.UPSTREAM_MALFORMED, "The answer of Infopass was larger than is read.")
              .withOutcome(Outcome.UNKNOWN),
          Replay.NEVER,
          Health.ILL);
    }
    if (cause instanceof ConnectionPoolTooBusyException) {
      return new PartnerFailure(
          InitFailure.notSent(Problem.OVERLOADED, "All connections to Infopass are taken.")
              .withRetryAfter(Duration.ofSeconds(1)),
          Replay.SAFE,
          Health.UNTOLD);
    }
    GoAway goAway = attempt.passedOver(cause);
    if (goAway != null && goAway.getErrorCode() == NO_ERROR) {
      // The end of a connection as planned, which says nothing of the partner.
      return new PartnerFailure(
          InitFailure.notSent(
              Problem.UPSTREAM_UNREACHABLE, "Infopass closed the connection before it was used."),
          Replay.SAFE,
          Health.UNTOLD);
    }
    if (!attempt.written() && UnreachableCause.of(cause) == UnreachableCause.PROXY) {
      return byTheProxy();
    }
    if (!attempt.written() || refused(cause) || goAway != null) {
      return unreachable();
    }
    if (cause instanceof IOException
        || cause instanceof HttpClosedException
        || cause instanceof StreamResetException) {
      return new PartnerFailure(
          InitFailure.of(
                  Problem.UPSTREAM_FAILED, "The connection to Infopass was lost after sending.")
              .withOutcome(Outcome.UNKNOWN),
          Replay.MAY_DUPLICATE,
          Health.ILL);
    }
    return new PartnerFailure(
        InitFailure.of(Problem.UPSTREAM_MALFORMED, "The answer of Infopass was not valid HTTP.")
            .withOutcome(Outcome.UNKNOWN),
        Replay.NEVER,
        Health.ILL);
  }

  private static boolean refused(Throwable cause) {
    return cause instanceof StreamResetException reset && reset.getCode() == REFUSED_STREAM;
  }

  /** The partner has no part in it. */
  static PartnerFailure byTheProxy() {
    return new PartnerFailure(
        InitFailure.notSent(
            Problem.UPSTREAM_UNREACHABLE, "The proxy made no connection to Infopass."),
        Replay.SAFE,
        Health.UNTOLD);
  }

  private static PartnerFailure unreachable() {
    return new PartnerFailure(
        InitFailure.notSent(
            Problem.UPSTREAM_UNREACHABLE, "No connection to Infopass could be made."),
        Replay.SAFE,
        Health.ILL);
  }
}
