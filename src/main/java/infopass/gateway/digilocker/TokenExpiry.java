package infopass.gateway.digilocker;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * From when until when a link can be used, by this gateway's clock and never optimistic: the issue
 * instant is the earliest plausible one, rounded down to a whole second.
 *
 * @param issuedAt the earliest plausible instant at which the partner issued the token
 * @param expiresAt {@code issuedAt} plus the lifetime that the partner named
 */
public record TokenExpiry(Instant issuedAt, Instant expiresAt) {

  /** The token was not issued before we asked: nothing but our own clock is needed. */
  public static TokenExpiry from(Instant sentAt, Duration lifetime) {
    Instant issuedAt = sentAt.truncatedTo(ChronoUnit.SECONDS);
    return new TokenExpiry(issuedAt, issuedAt.plus(lifetime));
  }

  /**
   * The token had this age, by the partner's own clock, when the answer was made. The answer was
   * not made before the request was sent, so the age is taken off that moment; a clock that is
   * wrong on either side cancels out.
   *
   * @param age whole seconds, as both of the partner's timestamps are; negative counts as zero
   */
  public static TokenExpiry from(Instant sentAt, Duration age, Duration lifetime) {
    return from(age.isNegative() ? sentAt : sentAt.minus(age), lifetime);
  }

  /**
   * Whole seconds left at this moment, rounded down; zero when it is over, and never more than the
   * lifetime, whatever the clock says.
   */
  public long remainingSeconds(Instant now) {
    long seconds = expiresAt.getEpochSecond() - now.getEpochSecond();
    long left = now.getNano() > expiresAt.getNano() ? seconds - 1 : seconds;
    return Math.max(0, Math.min(left, expiresAt.getEpochSecond() - issuedAt.getEpochSecond()));
  }
}
