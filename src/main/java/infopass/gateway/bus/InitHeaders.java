package infopass.gateway.bus;

/** The headers of a request on {@link Addresses#INIT}. */
public final class InitHeaders {
  public static final String CORRELATION_ID = "correlationId";
  public static final String TRACEPARENT = "traceparent";
  public static final String CALLER = "caller";
  public static final String AUTHORIZATION = "authorization";

  /** Names the request among its repetitions, as the HTTP field Idempotency-Key does. */
  public static final String IDEMPOTENCY_KEY = "idempotencyKey";

  /** What it is for, in a short code that goes into the audit record. */
  public static final String PURPOSE = "purpose";

  /** On a reply: {@code true} where it is that of an earlier request with the same key. */
  public static final String REPLAYED = "idempotentReplayed";

  /**
   * The sender's patience in milliseconds; lowers the deadline, never raises it. Where it is not
   * given, the send timeout stands in for it, less a tenth and at most 100 ms, so that the answer
   * is there in time. Only a sender in another process, whose send timeout is not known here, has
   * the gateway's own deadline without it.
   */
  public static final String TIMEOUT_MILLIS = "timeoutMillis";

  private InitHeaders() {}
}
