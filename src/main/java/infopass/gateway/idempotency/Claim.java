package infopass.gateway.idempotency;

import infopass.gateway.digilocker.InitOutcome;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What the first request of its name in this process finds among all processes. */
public sealed interface Claim {

  /** It is the first anywhere: it makes the call. */
  record Mine() implements Claim {}

  /** It was answered before, and the answer still holds. */
  record Answered(InitOutcome outcome) implements Claim {}

  /** The key came before with another request. */
  record Mismatch() implements Claim {}

  /**
   * Another process works on it.
   *
   * @param ended completes when that may have ended; takes how long to wait for it
   */
  record Elsewhere(Function<Duration, CompletionStage<Void>> ended) implements Claim {}

  /** It cannot be known. */
  record Unavailable() implements Claim {}
}
