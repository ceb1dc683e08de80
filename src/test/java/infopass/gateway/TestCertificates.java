package infopass.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Self-signed certificates, made by the JDK's own tool for one test. */
public final class TestCertificates {
  static final String PASSWORD = "loopback";

  private static final String LOOPBACK = "san=ip:127.0.0.1,dns:localhost";

  /** One certificate and its key, in the shapes that others read. */
  public record Made(Path store, Path certificate, Path key) {
    /** Knows, or shows, this certificate alone. */
    KeyStore keyStore() {
      try (InputStream in = Files.newInputStream(store)) {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        loaded.load(in, PASSWORD.toCharArray());
        return loaded;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private final Path directory;

  public TestCertificates(Path directory) {
    this.directory = directory;
  }

  /** For this machine, in force. */
  public Made loopback(String name) {
    return make(name, LOOPBACK, List.of());
  }

  /**
   * For this machine, until yesterday, and signed by an authority: one that is trusted by itself
   * would not be asked for its dates.
   *
   * @return the store with the expired one; the certificate and the key are the authority's
   */
  Made expired(String name) {
    Made authority = make(name + "-authority", LOOPBACK, List.of("-ext", "bc:c"));
    Made made = make(name, LOOPBACK, List.of());
    Path request = directory.resolve(name + ".csr");
    Path signed = directory.resolve(name + ".signed");
    keytool(made.store(), "-certreq", "-alias", name, "-file", request.toString());
    keytool(
        authority.store(),
        "-gencert",
        "-alias",
        name + "-authority",
        "-ext",
        LOOPBACK,
        "-startdate",
        "-10d",
        "-validity",
        "9",
        "-infile",
        request.toString(),
        "-outfile",
        signed.toString());
    String trusted = authority.certificate().toString();
    keytool(made.store(), "-importcert", "-noprompt", "-alias", "authority", "-file", trusted);
    keytool(made.store(), "-importcert", "-alias", name, "-file", signed.toString());
    return new Made(made.store(), authority.certificate(), authority.key());
  }

  /** For another host. */
  Made elsewhere(String name) {
    return make(name, "san=dns:elsewhere.example", List.of());
  }

  private Made make(String name, String subjectAlternativeName, List<String> more) {
    Path store = directory.resolve(name + ".p12");
    List<String> arguments =
        new ArrayList<>(
            List.of("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name));
    arguments.addAll(List.of("-ext", subjectAlternativeName));
    arguments.addAll(more);
    keytool(store, arguments.toArray(String[]::new));
    try {
      Made made =
          new Made(store, directory.resolve(name + ".pem"), directory.resolve(name + ".key"));
      KeyStore keys = made.keyStore();
      pem(made.certificate(), "CERTIFICATE", keys.getCertificate(name).getEncoded());
      pem(made.key(), "PRIVATE KEY", keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keytool(Path store, String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add(0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(
        List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
    try {
      java.lang.Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("keytool did not do " + arguments[0]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pem(Path file, String kind, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        file,
        "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n",
        StandardCharsets.US_ASCII);
  }

  /**
   * A caller's side of TLS.
   *
   * @param trusted whom it trusts
   * @param shown what it shows; null for nothing
   */
  static SSLContext context(Made trusted, Made shown) {
    try {
      KeyStore certificates = KeyStore.getInstance("PKCS12");
      certificates.load(null, null);
      KeyStore from = trusted.keyStore();
      String alias = from.aliases().nextElement();
      certificates.setCertificateEntry(alias, from.getCertificate(alias));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(certificates);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(shown == null ? null : shown.keyStore(), PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
