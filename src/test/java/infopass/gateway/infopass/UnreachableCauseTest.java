package infopass.gateway.infopass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class UnreachableCauseTest {
  private static Throwable handshake(Throwable cause) {
    return new SSLHandshakeException("failed").initCause(new RuntimeException(cause));
  }

  @Test
  void readsItOffTheInnermostThatSaysMost() {
    assertEquals(UnreachableCause.REFUSED, UnreachableCause.of(new ConnectException("refused")));
    assertEquals(UnreachableCause.TIMEOUT, UnreachableCause.of(new ConnectTimeoutException("t")));
    assertEquals(UnreachableCause.DNS, UnreachableCause.of(new UnknownHostException("host")));
    assertEquals(
        UnreachableCause.PROXY,
        UnreachableCause.of(new ProxyConnectException("407", new ConnectException("refused"))));
    assertEquals(
        UnreachableCause.TLS_EXPIRED,
        UnreachableCause.of(
            handshake(new CertificateException(new CertificateExpiredException("NotAfter")))));
    assertEquals(
        UnreachableCause.TLS_NAME,
        UnreachableCause.of(handshake(new CertificateException("No name matching a found"))));
    assertEquals(
        UnreachableCause.TLS_UNTRUSTED,
        UnreachableCause.of(handshake(new CertificateException("path"))));
    assertEquals(UnreachableCause.OTHER, UnreachableCause.of(new IllegalStateException()));
    assertEquals("tls-name", UnreachableCause.TLS_NAME.word());
  }
}
