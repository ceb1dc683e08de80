package infopass.gateway.infopass;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Why no connection to the partner could be made. */
public enum UnreachableCause {
  REFUSED,
  TIMEOUT,
  DNS,
  TLS_UNTRUSTED,
  TLS_EXPIRED,
  TLS_NAME,
  PROXY,
  OTHER;

  private static final int DEEPEST = 16;

  /** As it stands in the log. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads it off the exception and what caused that. */
  static UnreachableCause of(Throwable thrown) {
    UnreachableCause found = OTHER;
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
      UnreachableCause here = ofOne(cause);
      // The innermost says most: an expired certificate is also an untrusted one.
      found = here == OTHER || found == PROXY ? found : here;
    }
    return found;
  }

  private static UnreachableCause ofOne(Throwable cause) {
    if (cause instanceof ProxyConnectException) {
      return PROXY;
    }
    if (cause instanceof UnknownHostException) {
      return DNS;
    }
    if (cause instanceof ConnectTimeoutException
        || cause instanceof SslHandshakeTimeoutException
        || cause instanceof SocketTimeoutException
        || cause instanceof TimeoutException) {
      return TIMEOUT;
    }
    if (cause instanceof ConnectException) {
      return REFUSED;
    }
    if (cause instanceof CertificateExpiredException) {
      return TLS_EXPIRED;
    }
    if (cause instanceof CertPathBuilderException) {
      return TLS_UNTRUSTED;
    }
    if (cause instanceof CertificateException || cause instanceof SSLException) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("No name matching") || message.contains("subject alternative")) {
        return TLS_NAME;
      }
      return cause instanceof CertificateException ? TLS_UNTRUSTED : OTHER;
    }
    return OTHER;
  }
}
