package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.TestCertificates.Made;
import infopass.gateway.http.Acceptor;
import infopass.gateway.http.AnswerListener;
import infopass.gateway.http.HttpConfig;
import infopass.gateway.http.HttpVerticle;
import infopass.gateway.http.Lifecycle;
import infopass.gateway.http.ListenerSettings;
import infopass.gateway.http.ProblemPages;
import infopass.gateway.http.TrustedProxies;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS of the public listener. */
@Timeout(60)
class PublicTlsIT {
  private static final String PAGE = "GET /problems/not-found HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @TempDir private static Path directory;

  private static Made first;
  private static Made second;
  private static Made client;

  @BeforeAll
  static void makeCertificates() {
    TestCertificates certificates = new TestCertificates(directory);
    first = certificates.loopback("first");
    second = certificates.loopback("second");
    client = certificates.loopback("client");
  }

  private static String yaml(Made made, String more) {
    return "http: {host: 127.0.0.1, port: 0, tls: {certificate: '%s', key: '%s'%s}}"
        .formatted(made.certificate(), made.key(), more);
  }

  private static SSLSocket connect(int port, SSLContext tls) throws IOException {
    SSLSocket socket =
        (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    return socket;
  }

  /** The head of the answer. */
  private static String ask(SSLSocket socket) throws IOException {
    socket.getOutputStream().write(PAGE.getBytes(StandardCharsets.US_ASCII));
    byte[] answer = new byte[8_192];
    int length = socket.getInputStream().read(answer);
    return length < 0
        ? "closed"
        : new String(answer, 0, length, StandardCharsets.UTF_8).split("\r\n\r\n")[0];
  }

  private static String shown(SSLSocket socket) throws IOException {
    return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
        .getSubjectX500Principal()
        .getName();
  }

  @Test
  void answersOverTlsAskForTlsNextTime() throws IOException {
    try (RunningGateway gateway = RunningGateway.start(yaml(first, ""));
        SSLSocket socket = connect(gateway.port(), TestCertificates.context(first, null))) {
      String head = ask(socket);
      assertTrue(head.startsWith("HTTP/1.1 200 "), head);
      assertTrue(head.toLowerCase().contains("strict-transport-security: max-age=31536000"), head);
      assertTrue(head.toLowerCase().contains("referrer-policy: no-referrer"), head);
    }
  }

  @Test
  void onlyAuthenticatedEncryptionWithForwardSecrecyIsSpoken() throws IOException {
    try (RunningGateway gateway = RunningGateway.start(yaml(first, ""))) {
      SSLContext tls = TestCertificates.context(first, null);
      for (List<String> offer :
          List.of(
              List.of("TLSv1.3", "TLS_AES_256_GCM_SHA384"),
              List.of("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"),
              List.of("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
              List.of("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"))) {
        try (SSLSocket socket = offering(gateway.port(), tls, offer)) {
          socket.startHandshake();
          assertEquals(offer.get(0), socket.getSession().getProtocol());
          assertEquals(offer.get(1), socket.getSession().getCipherSuite());
        }
      }
      for (List<String> offer :
          List.of(
              List.of("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"),
              List.of("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
              List.of("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"))) {
        try (SSLSocket socket = offering(gateway.port(), tls, offer)) {
          assertThrows(IOException.class, socket::startHandshake, offer.toString());
        }
      }
    }
  }

  private static SSLSocket offering(int port, SSLContext tls, List<String> offer)
      throws IOException {
    SSLSocket socket = connect(port, tls);
    socket.setEnabledProtocols(new String[] {offer.get(0)});
    socket.setEnabledCipherSuites(new String[] {offer.get(1)});
    return socket;
  }

  @Test
  void aHandshakeIsNotDoneAgainBecauseTheClientWantsIt() throws IOException {
    try (RunningGateway gateway = RunningGateway.start(yaml(first, ""));
        SSLSocket socket = connect(gateway.port(), TestCertificates.context(first, null))) {
      // Given
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertTrue(ask(socket).startsWith("HTTP/1.1 200 "));

      // When
      socket.startHandshake();

      // Then
      assertThrows(IOException.class, () -> answered(socket));
    }
  }

  private static void answered(SSLSocket socket) throws IOException {
    if (ask(socket).equals("closed")) {
      throw new IOException("closed");
    }
  }

  @Test
  void aClientMustShowACertificateOfTheAuthorityThatIsNamed() throws IOException {
    String mutual = ", clientCa: '%s'".formatted(client.certificate());
    try (RunningGateway gateway = RunningGateway.start(yaml(first, mutual))) {
      try (SSLSocket known = connect(gateway.port(), TestCertificates.context(first, client))) {
        assertTrue(ask(known).startsWith("HTTP/1.1 200 "));
      }
      for (Made shown : new Made[] {null, second}) {
        try (SSLSocket stranger = connect(gateway.port(), TestCertificates.context(first, shown))) {
          assertThrows(IOException.class, () -> answered(stranger));
        }
      }
    }
  }

  @Test
  void aHalfHelloIsGivenUp() {
    // Given: a record of a hello that says it has 512 bytes
    byte[] hello = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0};
    try (RunningGateway gateway = RunningGateway.start(yaml(first, ""))) {
      long begun = System.nanoTime();
      List<RawHttp> halves = new ArrayList<>();
      for (int bytes = 0; bytes < hello.length; bytes++) {
        halves.add(RawHttp.to(gateway.port()).send(Arrays.copyOf(hello, bytes)));
      }

      // Then
      for (RawHttp half : halves) {
        half.untilClosed();
        half.close();
      }
      assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) <= 15_000);
    }
  }

  @Test
  void newConnectionsGetANewCertificateAndOldOnesLiveOn() throws Exception {
    // Given
    Path certificate = directory.resolve("used.pem");
    Path key = directory.resolve("used.key");
    use(first, certificate, key);
    HttpConfig.Tls files = new HttpConfig.Tls(certificate.toString(), key.toString(), "");
    Vertx vertx = Main.vertx();
    ListenerSettings settings = settings();
    HttpVerticle listener =
        new HttpVerticle(
            ServerOptions.http(config(files), Duration.ofSeconds(20)),
            settings,
            () -> List.of(new ProblemPages()));
    CertificateReload reload = new CertificateReload(vertx, files, listener::updateTls);
    try {
      RunningGateway.await(vertx.deployVerticle(listener));
      int port = settings.port().get();
      try (SSLSocket old = connect(port, TestCertificates.context(first, null))) {
        assertTrue(ask(old).startsWith("HTTP/1.1 200 "));

        // When: something is in the file that is no certificate, and a key of another one
        Files.writeString(certificate, "rubbish");
        boolean rubbish = RunningGateway.await(reload.reload());
        use(first, certificate, key);
        Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
        boolean mixed = RunningGateway.await(reload.reload());

        // Then
        assertFalse(rubbish);
        assertFalse(mixed);
        try (SSLSocket next = connect(port, TestCertificates.context(first, null))) {
          next.startHandshake();
          assertEquals("CN=first", shown(next));
        }

        // When
        use(second, certificate, key);
        boolean changed = RunningGateway.await(reload.reload());

        // Then
        assertTrue(changed);
        try (SSLSocket next = connect(port, TestCertificates.context(second, null))) {
          assertTrue(ask(next).startsWith("HTTP/1.1 200 "));
          assertEquals("CN=second", shown(next));
        }
        assertTrue(ask(old).startsWith("HTTP/1.1 200 "), "the old connection lives on");
      }
    } finally {
      RunningGateway.await(vertx.close());
    }
  }

  private static void use(Made made, Path certificate, Path key) throws IOException {
    Files.copy(made.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(made.key(), key, StandardCopyOption.REPLACE_EXISTING);
  }

  private static HttpConfig config(HttpConfig.Tls tls) {
    Duration second = Duration.ofSeconds(10);
    return new HttpConfig(
        "127.0.0.1",
        0,
        "",
        List.of(),
        1,
        1024,
        100,
        second,
        second,
        Optional.of(tls),
        List.of(),
        false);
  }

  private static ListenerSettings settings() {
    return new ListenerSettings(
        new Lifecycle(),
        Clock.systemUTC(),
        System::nanoTime,
        () -> new Random(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        100,
        Duration.ofSeconds(1),
        false,
        () -> AnswerListener.NONE,
        new AtomicInteger(),
        new AtomicInteger(),
        new Acceptor(),
        TrustedProxies.NONE);
  }

  @Test
  void faultsOfTheFilesAreToldWithoutTheirContents() throws IOException {
    // Given
    Path rubbish = directory.resolve("rubbish.pem");
    Files.writeString(rubbish, "-----BEGIN CERTIFICATE-----\nsecret\n-----END CERTIFICATE-----\n");
    String certificate = first.certificate().toString();
    String key = first.key().toString();

    // Then
    assertEquals(Map.of(), TlsFiles.faults(certificate, key, certificate));
    assertEquals(
        Map.of("key", "must be the key of the first certificate"),
        TlsFiles.faults(certificate, second.key().toString(), ""));
    assertEquals(
        Map.of("certificate", "must be a PEM file of certificates"),
        TlsFiles.faults(rubbish.toString(), key, ""));
    assertEquals(
        Map.of("key", "must be a PEM file of a private key"),
        TlsFiles.faults(certificate, rubbish.toString(), ""));
    assertEquals(
        Map.of("clientCa", "must be a readable file"),
        TlsFiles.faults(certificate, key, directory.resolve("none").toString()));
  }
}
