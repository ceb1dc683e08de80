package infopass.gateway.sandbox;

import static infopass.gateway.sandbox.Caller.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.Caller.Answered;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PfxOptions;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
@Timeout(30)
class SandboxTlsTest {

  private static final String PASSWORD = "loopback";

  @TempDir private static Path directory;
  private static PfxOptions certificate;

  private Vertx vertx;
  private Sandbox sandbox;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = directory.resolve("loopback.p12");
    List<String> keytool =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "loopback",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=ip:127.0.0.1,dns:localhost",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD);
    Process process = new ProcessBuilder(keytool).inheritIO().start();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    certificate = new PfxOptions().setPath(store.toString()).setPassword(PASSWORD);
  }

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    Sandbox plain = new Sandbox(vertx, SandboxOptions.defaults());
    sandbox = await(plain.withTls(certificate).start());
  }

  private Caller caller(HttpVersion version) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setUseAlpn(true)
            .setProtocolVersion(version)
            .setTrustOptions(certificate);
    return new Caller(vertx, sandbox, options);
  }

  @Test
  void bothVersionsOfHttpAreSpokenOverTls() {
    assertEquals("https", sandbox.baseUri().getScheme());
    for (HttpVersion version : List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
      Answered answered = caller(version).init("Test Kumar");

      assertEquals(200, answered.status());
      assertEquals(version, answered.version());
    }
    assertEquals(
        List.of("HTTP/1.1", "HTTP/2"),
        sandbox.journal().entries().stream().map(Journal.Entry::protocol).toList());
  }

  @Test
  void resetsHappenOverTlsToo() {
    for (HttpVersion version : List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
      Caller caller = caller(version);

      assertThrows(IllegalStateException.class, () -> caller.init("Reset"));
      assertThrows(IllegalStateException.class, () -> caller.init("ResetAfter"));
      assertEquals(200, caller.init("Test Kumar").status());
    }
  }
}
