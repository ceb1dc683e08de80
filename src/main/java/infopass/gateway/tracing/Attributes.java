package infopass.gateway.tracing;

/** Names of what spans tell: OpenTelemetry's semantic conventions, and a few of our own. */
public final class Attributes {
  public static final String ERROR_TYPE = "error.type";
  public static final String HTTP_METHOD = "http.request.method";
  public static final String HTTP_RESEND_COUNT = "http.request.resend_count";
  public static final String HTTP_ROUTE = "http.route";
  public static final String HTTP_STATUS = "http.response.status_code";
  public static final String MESSAGING_DESTINATION = "messaging.destination.name";
  public static final String MESSAGING_OPERATION = "messaging.operation.name";
  public static final String MESSAGING_SYSTEM = "messaging.system";
  public static final String SERVER_ADDRESS = "server.address";
  public static final String SERVER_PORT = "server.port";
  public static final String URL_FULL = "url.full";
  public static final String URL_PATH = "url.path";
  public static final String URL_SCHEME = "url.scheme";

  /** Names the request in answers and log lines too. */
  public static final String CORRELATION_ID = "gateway.correlation_id";

  /** Number of an attempt at the partner, from 1. */
  public static final String ATTEMPT = "infopass.attempt";

  /** {@code granted}, or what the partner may have done: not-sent, rejected, unknown. */
  public static final String OUTCOME = "infopass.outcome";

  private Attributes() {}
}
