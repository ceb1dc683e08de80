package infopass.gateway.idempotency;

import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.TokenExpiry;
import java.time.Duration;
import java.time.Instant;

/**
 * What is kept of a request that has ended. Immutable.
 *
 * @param fingerprint keyed hash of caller and body
 * @param until when it is forgotten
 * @param answer what repetitions are given
 */
record Settled(byte[] fingerprint, Instant until, Answer answer) {

  /** What repetitions are given. */
  sealed interface Answer {
    /** The link, encrypted. */
    record Link(String clientId, byte[] sealed, int appendAt, TokenExpiry expiry)
        implements Answer {}

    /** The partner's final no. */
    record Refusal(InitFailure failure) implements Answer {}

    /** Nobody knows what became of it: the next repetition makes a call. */
    record Unknown() implements Answer {}
  }

  static Answer link(InitSession session, byte[] name, Vault vault) {
    return new Answer.Link(
        session.clientId(),
        vault.seal(name, session.document().bytes()),
        session.appendAt(),
        session.expiry());
  }

  /** The outcome to repeat; null where there is none. */
  InitOutcome replay(byte[] name, Vault vault) {
    if (answer instanceof Answer.Link link) {
      return new InitOutcome.Granted(
          new InitSession(
              link.clientId(),
              Payload.owning(vault.open(name, link.sealed())),
              link.appendAt(),
              link.expiry(),
              Duration.ZERO));
    }
    return answer instanceof Answer.Refusal refusal
        ? new InitOutcome.Denied(refusal.failure())
        : null;
  }

  @Override
  public String toString() {
    return "Settled[until=" + until + "]";
  }
}
