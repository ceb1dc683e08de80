package infopass.gateway.bus;

import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;

/**
 * How a verticle asks. Immutable; null where the gateway should decide.
 *
 * @param timeout longest wait for the answer, not negative; null for the gateway's own deadline
 * @param correlationId names the request in logs and at the partner
 * @param caller who asks, for fairness and counting
 * @param authorization an Authorization value for the partner, in place of the gateway's own;
 *     secret
 * @param traceparent W3C trace context
 * @param idempotencyKey names the request among its repetitions: 1 to 255 visible ASCII characters
 *     without quotes, backslashes, commas and semicolons, or a quoted string (RFC 8941 section
 *     3.3.3) of 1 to 255 printable ones
 */
public record InitOptions(
    Duration timeout,
    String correlationId,
    String caller,
    String authorization,
    String traceparent,
    String idempotencyKey) {

  /** Longest wait where none was asked for: beyond any deadline that makes sense. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** So that the gateway, which knows what happened, is the one to say that time is up. */
  private static final Duration HEAD_START = Duration.ofSeconds(1);

  /**
   * Checks the timeout.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public InitOptions {
    if (timeout != null && timeout.isNegative()) {
      throw new IllegalArgumentException("timeout must not be negative, was " + timeout);
    }
  }

  public static InitOptions defaults() {
    return new InitOptions(null, null, null, null, null, null);
  }

  public InitOptions withTimeout(Duration value) {
    return new InitOptions(
        value, correlationId, caller, authorization, traceparent, idempotencyKey);
  }

  public InitOptions withCorrelationId(String value) {
    return new InitOptions(timeout, value, caller, authorization, traceparent, idempotencyKey);
  }

  public InitOptions withCaller(String value) {
    return new InitOptions(
        timeout, correlationId, value, authorization, traceparent, idempotencyKey);
  }

  public InitOptions withAuthorization(String value) {
    return new InitOptions(timeout, correlationId, caller, value, traceparent, idempotencyKey);
  }

  public InitOptions withTraceparent(String value) {
    return new InitOptions(timeout, correlationId, caller, authorization, value, idempotencyKey);
  }

  public InitOptions withIdempotencyKey(String value) {
    return new InitOptions(timeout, correlationId, caller, authorization, traceparent, value);
  }

  DeliveryOptions delivery() {
    Duration wait = timeout == null || timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
    DeliveryOptions options =
        new DeliveryOptions().setLocalOnly(true).setSendTimeout(wait.plus(HEAD_START).toMillis());
    header(options, InitHeaders.TIMEOUT_MILLIS, timeout == null ? null : "" + wait.toMillis());
    header(options, InitHeaders.CORRELATION_ID, correlationId);
    header(options, InitHeaders.CALLER, caller);
    header(options, InitHeaders.AUTHORIZATION, authorization);
    header(options, InitHeaders.TRACEPARENT, traceparent);
    header(options, InitHeaders.IDEMPOTENCY_KEY, idempotencyKey);
    return options;
  }

  private static void header(DeliveryOptions options, String name, String value) {
    if (value != null) {
      options.addHeader(name, value);
    }
  }

  /** Shows no credentials. */
  @Override
  public String toString() {
    return "InitOptions[correlationId=" + correlationId + ", caller=" + caller + "]";
  }
}
