package infopass.gateway.digilocker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Why an init gave no link, as a value that crosses every boundary and becomes a problem document
 * at the doors. It holds no personal data.
 *
 * @param problem the kind of failure
 * @param detail this occurrence in words for the caller; never a value of the request
 * @param outcome what the partner may have done, over all attempts; null where the request was no
 *     init
 * @param retryAfter the earliest time at which repeating it makes sense; null where it makes none
 * @param upstream what the partner said; null where it said nothing
 * @param errors the faults of the body; empty where the body is not at fault
 */
public record InitFailure(
    Problem problem,
    String detail,
    Outcome outcome,
    Duration retryAfter,
    Upstream upstream,
    List<FieldFault> errors) {

  public InitFailure {
    Objects.requireNonNull(problem, "problem");
    Objects.requireNonNull(detail, "detail");
    errors = List.copyOf(errors);
  }

  /** A failure that is nobody's attempt at the partner: no outcome is named. */
  public static InitFailure of(Problem problem, String detail) {
    return new InitFailure(problem, detail, null, null, null, List.of());
  }

  /** A failure before anything was sent to the partner. */
  public static InitFailure notSent(Problem problem, String detail) {
    return of(problem, detail).withOutcome(Outcome.NOT_SENT);
  }

  public InitFailure withOutcome(Outcome value) {
    return new InitFailure(problem, detail, value, retryAfter, upstream, errors);
  }

  public InitFailure withRetryAfter(Duration value) {
    return new InitFailure(problem, detail, outcome, value, upstream, errors);
  }

  public InitFailure withUpstream(Upstream value) {
    return new InitFailure(problem, detail, outcome, retryAfter, value, errors);
  }

  public InitFailure withErrors(List<FieldFault> value) {
    return new InitFailure(problem, detail, outcome, retryAfter, upstream, value);
  }

  /**
   * The HTTP status, and the failure code on the event bus: the problem's own, but for credentials
   * that the partner forbids (403) rather than does not know (401).
   */
  public int status() {
    boolean forbidden = upstream != null && upstream.status() == 403;
    return problem == Problem.UNAUTHENTICATED && forbidden ? 403 : problem.status();
  }

  /** {@link #retryAfter} in whole seconds, rounded up so that it is never too early; or -1. */
  public long retryAfterSeconds() {
    if (retryAfter == null) {
      return -1;
    }
    long seconds = retryAfter.getSeconds();
    return Math.max(1, retryAfter.getNano() == 0 ? seconds : seconds + 1);
  }
}
