package infopass.gateway.bus;

import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.Objects;

/**
 * How a verticle asks. Immutable; null where the gateway should decide.
 *
 * @param timeout longest wait for the answer
 * @param correlationId names the request in logs and at the partner
 * @param caller who asks, for fairness and counting
 * @param authorization an Authorization value for the partner, in place of the gateway's own;
 *     secret
 * @param traceparent W3C trace context
 */
public record InitOptions(
    Duration timeout,
    String correlationId,
    String caller,
    String authorization,
    String traceparent) {

  /** Waits as long as the gateway's own default deadline and a little longer. */
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(21);

  public InitOptions {
    Objects.requireNonNull(timeout, "timeout");
  }

  public static InitOptions defaults() {
    return new InitOptions(DEFAULT_TIMEOUT, null, null, null, null);
  }

  public InitOptions withTimeout(Duration value) {
    return new InitOptions(value, correlationId, caller, authorization, traceparent);
  }

  public InitOptions withCorrelationId(String value) {
    return new InitOptions(timeout, value, caller, authorization, traceparent);
  }

  public InitOptions withCaller(String value) {
    return new InitOptions(timeout, correlationId, value, authorization, traceparent);
  }

  public InitOptions withAuthorization(String value) {
    return new InitOptions(timeout, correlationId, caller, value, traceparent);
  }

  public InitOptions withTraceparent(String value) {
    return new InitOptions(timeout, correlationId, caller, authorization, value);
  }

  DeliveryOptions delivery() {
    DeliveryOptions options =
        new DeliveryOptions()
            .setLocalOnly(true)
            .setSendTimeout(Math.max(1, timeout.toMillis()))
            .addHeader(InitHeaders.TIMEOUT_MILLIS, Long.toString(timeout.toMillis()));
    header(options, InitHeaders.CORRELATION_ID, correlationId);
    header(options, InitHeaders.CALLER, caller);
    header(options, InitHeaders.AUTHORIZATION, authorization);
    header(options, InitHeaders.TRACEPARENT, traceparent);
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
