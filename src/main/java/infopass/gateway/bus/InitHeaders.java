package infopass.gateway.bus;

/** The headers of a request on {@link Addresses#INIT}. */
public final class InitHeaders {
  public static final String CORRELATION_ID = "correlationId";
  public static final String TRACEPARENT = "traceparent";
  public static final String CALLER = "caller";
  public static final String AUTHORIZATION = "authorization";

  /**
   * The sender's patience in milliseconds. The bus does not tell the receiver the send timeout, so
   * whoever wants it to lower the deadline says it here too; the typed client does.
   */
  public static final String TIMEOUT_MILLIS = "timeoutMillis";

  private InitHeaders() {}
}
