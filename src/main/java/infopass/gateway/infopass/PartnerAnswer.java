package infopass.gateway.infopass;

import java.time.Duration;
import java.time.Instant;

/**
 * What came back over the wire, whole.
 *
 * @param status the HTTP status
 * @param body at most {@link Attempt#MAX_BODY_BYTES}
 * @param sentAt when the request was written, by our clock
 * @param receivedAt when the answer was complete, by our clock
 * @param date the partner's clock when it answered; null where it did not say
 * @param retryAfter its Retry-After; null where there is none that can be read
 */
record PartnerAnswer(
    int status,
    byte[] body,
    Instant sentAt,
    Instant receivedAt,
    Instant date,
    Duration retryAfter) {

  @Override
  public String toString() {
    return "PartnerAnswer[" + status + "]";
  }
}
