package infopass.gateway.resilience;

import java.time.Duration;
import java.util.Objects;

/** One call on its way through a {@link PacingQueue}. Not thread-safe. */
abstract class PacedCall {
  enum State {
    WAITING,
    GRANTED,
    REFUSED,
    DONE
  }

  final String caller;
  final long latestStart;
  final QuotaCall quotaCall = new QuotaCall();
  State state = State.WAITING;

  /** Where it waits, if it does. */
  FairQueue.Place<PacedCall> place;

  /** Which one of all that ever waited it is. */
  long sequence;

  /** When to come back, if it was refused. */
  Duration retryAfter;

  PacedCall(String caller, long latestStart) {
    this.caller = Objects.requireNonNull(caller, "caller");
    this.latestStart = latestStart;
  }

  /** Says whether it was granted or refused, outside of any lock. */
  abstract void tell();

  static int compareLatestStart(PacedCall a, PacedCall b) {
    // Differences, since a monotonic clock may wrap around.
    int order = Long.signum(a.latestStart - b.latestStart);
    return order != 0 ? order : Long.signum(a.sequence - b.sequence);
  }
}
