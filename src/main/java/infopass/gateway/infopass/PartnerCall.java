package infopass.gateway.infopass;

import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Problem;
import java.time.Duration;

/**
 * One command on its way through the policies: what has happened to it so far, and how to stop it
 * wherever it is. Belongs to one event loop.
 */
public final class PartnerCall {
  private final InitCommand command;
  private Outcome outcome = Outcome.NOT_SENT;
  private int attempts;
  private long partnerNanos;
  private int requestsWritten;
  private boolean written;
  private boolean callerLeft;
  private Runnable stopAction;
  private PartnerFailure stopped;

  public PartnerCall(InitCommand command) {
    this.command = command;
  }

  public InitCommand command() {
    return command;
  }

  /** What the partner may have done, over all attempts so far. */
  Outcome outcome() {
    return written ? Outcome.UNKNOWN : outcome;
  }

  /** How many attempts were begun. */
  int attempts() {
    return attempts;
  }

  /** Time spent on the partner, over all attempts so far. */
  Duration partnerTime() {
    return Duration.ofNanos(partnerNanos);
  }

  boolean callerLeft() {
    return callerLeft;
  }

  /** An attempt goes to the wire. */
  void attemptBegins() {
    attempts++;
    written = false;
  }

  /** How many requests were handed to the network. */
  int requestsWritten() {
    return requestsWritten;
  }

  /** The attempt's request has been handed to the network. */
  void requestWritten() {
    requestsWritten++;
    written = true;
  }

  /** The attempt is over, with this outcome. */
  void attemptEnds(Outcome how) {
    written = false;
    outcome = outcome.or(how);
  }

  /** Adds the time that an attempt took. */
  void partnerTook(long elapsedNanos) {
    partnerNanos += elapsedNanos;
  }

  /** Why the call has to end; null while it has not. */
  PartnerFailure stopped() {
    return stopped;
  }

  /**
   * Registers what ends the current stage at once, in place of what was registered before; null for
   * nothing. The action finds the reason in {@link #stopped()}.
   */
  void whenStopped(Runnable action) {
    stopAction = action;
  }

  /** There is no time left, by its deadline or by the gateway's stop: ends it wherever it is. */
  void deadlinePassed() {
    stop(
        new PartnerFailure(
            InitFailure.of(
                    Problem.DEADLINE_EXCEEDED,
                    outcome() == Outcome.NOT_SENT
                        ? "The deadline passed before the request was sent."
                        : "Infopass did not answer completely before the deadline.")
                .withOutcome(outcome()),
            PartnerFailure.Replay.NEVER,
            PartnerFailure.Health.UNTOLD));
  }

  /**
   * Nobody waits for the answer any more. What has not been written is taken back; what has been is
   * left to finish, since a closed connection costs more than an answer.
   *
   * @return whether a written request is being abandoned
   */
  boolean callerHasLeft() {
    callerLeft = true;
    if (written) {
      return true;
    }
    stop(
        PartnerFailure.refused(
            InitFailure.of(Problem.DEADLINE_EXCEEDED, "The caller left before it was answered.")
                .withOutcome(outcome)));
    return false;
  }

  private void stop(PartnerFailure why) {
    if (stopped == null) {
      stopped = why;
      Runnable action = stopAction;
      stopAction = null;
      if (action != null) {
        action.run();
      }
    }
  }
}
