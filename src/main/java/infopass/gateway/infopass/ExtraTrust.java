package infopass.gateway.infopass;

import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Adds certificate authorities of the operator's to those of the system. */
public final class ExtraTrust {
  private ExtraTrust() {}

  /**
   * Reads the PEM files. Blocks: call it at start-up, off the event loop.
   *
   * @return whom to trust; empty where there are no files, for the system's authorities alone
   * @throws IOException where a file cannot be read or holds no certificate; names the file
   */
  public static Optional<TrustOptions> load(List<String> files) throws IOException {
    if (files.isEmpty()) {
      return Optional.empty();
    }
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (X509Certificate authority : systemManager(null).getAcceptedIssuers()) {
        store.setCertificateEntry("ca-" + count++, authority);
      }
      for (String file : files) {
        for (Certificate authority : read(file)) {
          store.setCertificateEntry("ca-" + count++, authority);
        }
      }
      return Optional.of(TrustOptions.wrap(systemManager(store)));
    } catch (GeneralSecurityException e) {
      throw new IOException("the trust store could not be made: " + e.getMessage(), e);
    }
  }

  private static List<Certificate> read(String file) throws IOException {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      List<Certificate> found =
          List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
      if (found.isEmpty()) {
        throw new IOException(file + " holds no certificate");
      }
      for (Certificate authority : found) {
        // As an authority it would be trusted for ever: its own dates are not checked.
        if (authority instanceof X509Certificate dated && dated.getNotAfter().before(new Date())) {
          throw new IOException(file + " holds a certificate that expired at " + until(dated));
        }
      }
      return found;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " is not a PEM file of certificates", e);
    }
  }

  private static Instant until(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }

  private static X509TrustManager systemManager(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }
}
