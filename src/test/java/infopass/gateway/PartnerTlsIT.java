package infopass.gateway;

import static infopass.gateway.RunningGateway.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.config.ConfigException;
import infopass.gateway.sandbox.Journal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PartnerTlsIT {
  private static final String PASSWORD = "loopback";

  @TempDir private static Path directory;

  @BeforeAll
  static void makeCertificates() throws Exception {
    make("loopback", "san=ip:127.0.0.1,dns:localhost");
    make("elsewhere", "san=dns:elsewhere.example");
  }

  private static void make(String name, String subjectAlternativeName, String... more)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                subjectAlternativeName,
                "-storetype",
                "PKCS12",
                "-keystore",
                directory.resolve(name + ".p12").toString(),
                "-storepass",
                PASSWORD));
    arguments.addAll(List.of(more));
    keytool(arguments);
    keytool(
        List.of(
            "-exportcert",
            "-rfc",
            "-alias",
            name,
            "-keystore",
            directory.resolve(name + ".p12").toString(),
            "-storepass",
            PASSWORD,
            "-file",
            directory.resolve(name + ".pem").toString()));
  }

  private static void keytool(List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(arguments);
    command.add(0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    java.lang.Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
  }

  private static PfxOptions certificate(String name) {
    return new PfxOptions()
        .setPath(directory.resolve(name + ".p12").toString())
        .setPassword(PASSWORD);
  }

  private static String trusting(String name, String more) {
    return """
        infopass:
          instances: 1
          pool: {size: 1, waitQueue: 4}
          retry: {maxAttempts: 1}
          timeouts: {connect: 5s}
          tls: {trustCertificates: ['%s']}
        %s"""
        .formatted(directory.resolve(name + ".pem"), more);
  }

  private static void assertUnreachable(RunningGateway gateway) {
    HttpResponse<String> response = gateway.initFor("Test Kumar");
    assertEquals(502, response.statusCode(), response.body());
    JsonObject problem = RunningGateway.json(response);
    assertEquals("/problems/upstream-unreachable", problem.getString("type"));
    assertEquals("not-sent", problem.getString("outcome"));
    assertEquals(0, gateway.journal().total());
    assertEquals(0, gateway.gateway().calls().partnerCalls());
  }

  private static void assertCause(RunningGateway gateway, String cause) {
    String metrics = gateway.getManagement("/metrics").body();
    assertTrue(
        metrics.contains("infopass_unreachable_total{cause=\"" + cause + "\"} 1.0"),
        () -> metrics.lines().filter(line -> line.contains("unreachable")).toList().toString());
  }

  @Test
  void nothingIsSentToAPartnerWhoseCertificateNobodyVouchesFor() {
    try (RunningGateway gateway =
        RunningGateway.startWithTls(
            certificate("loopback"), "infopass: {retry: {maxAttempts: 1}}")) {
      assertUnreachable(gateway);
      assertCause(gateway, "tls_untrusted");
    }
  }

  @Test
  void nothingIsSentToAPartnerWhoseCertificateNamesAnotherHost() {
    try (RunningGateway gateway =
        RunningGateway.startWithTls(certificate("elsewhere"), trusting("elsewhere", ""))) {
      assertUnreachable(gateway);
      assertCause(gateway, "tls_name");
    }
  }

  @Test
  void nothingIsSentToAPartnerUnderAnotherTrustedCertificate() {
    try (RunningGateway gateway =
        RunningGateway.startWithTls(certificate("loopback"), trusting("elsewhere", ""))) {
      assertUnreachable(gateway);
    }
  }

  @Test
  void anAuthorityThatHasExpiredIsAFault() throws Exception {
    // Given
    make("expired", "san=dns:expired.example", "-startdate", "-10d", "-validity", "5");

    // When
    ConfigException fault =
        assertThrows(ConfigException.class, () -> RunningGateway.config(trusting("expired", "")));

    // Then
    assertTrue(fault.getMessage().contains("infopass.tls.trustCertificates"), fault.getMessage());
    assertTrue(fault.getMessage().contains("expired at"), fault.getMessage());
  }

  @Test
  void anAuthorityOfTheOperatorsIsTrusted() {
    try (RunningGateway gateway =
        RunningGateway.startWithTls(certificate("loopback"), trusting("loopback", ""))) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> response = gateway.initFor("Test Kumar");
        assertEquals(200, response.statusCode(), response.body());
      }
      assertEquals(List.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.1"), protocols(gateway));
    }
  }

  @Test
  void http2IsSpokenWhereItIsAskedFor() {
    try (RunningGateway gateway =
        RunningGateway.startWithTls(
            certificate("loopback"), trusting("loopback", "  http2: true\n"))) {
      // When
      int granted = gateway.initFor("Test Kumar").statusCode();
      HttpResponse<String> reset = gateway.initFor("Reset");
      HttpResponse<String> huge = gateway.initFor("Huge");
      HttpResponse<String> late =
          gateway.send(gateway.init(RunningGateway.body("Hang")).header("Prefer", "wait=1"));
      int again = gateway.initFor("Test Kumar").statusCode();

      // Then
      assertEquals(200, granted);
      assertEquals("/problems/upstream-failed", RunningGateway.json(reset).getString("type"));
      assertEquals("/problems/upstream-malformed", RunningGateway.json(huge).getString("type"));
      assertEquals("/problems/deadline-exceeded", RunningGateway.json(late).getString("type"));
      assertEquals(200, again);
      assertEquals(List.of("HTTP/2"), protocols(gateway).stream().distinct().toList());
    }
  }

  @Test
  void anInitThatTheGoAwayOfThePartnerPassesOverWasNotSent() {
    Vertx vertx = Vertx.vertx();
    HttpServer leaving =
        RunningGateway.await(
            vertx
                .createHttpServer(
                    new HttpServerOptions()
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(certificate("loopback")))
                .requestHandler(
                    request -> {
                      request.connection().goAway(0, 0);
                      request.connection().close();
                    })
                .listen(0, "127.0.0.1"));
    URI uri = URI.create("https://127.0.0.1:" + leaving.actualPort());
    try (RunningGateway gateway =
        RunningGateway.startAgainst(uri, trusting("loopback", "  http2: true\n"))) {
      HttpResponse<String> answer = gateway.initFor("Test Kumar");
      JsonObject problem = Problems.check(answer, 502, "upstream-unreachable");
      assertEquals("not-sent", problem.getString("outcome"));
    } finally {
      RunningGateway.await(vertx.close());
    }
  }

  private static List<String> protocols(RunningGateway gateway) {
    return gateway.journal().entries().stream().map(Journal.Entry::protocol).toList();
  }

  @Test
  void aHandshakeThatOutlivesTheDeadlineLeavesAPlaceThatCanBeUsed() {
    Vertx vertx = Vertx.vertx();
    SlowDoor door = new SlowDoor(vertx);
    try (RunningGateway gateway =
        RunningGateway.startWithTlsBehind(
            certificate("loopback"), trusting("loopback", ""), door::before)) {
      // Given
      Witness witness = new Witness(gateway);
      HttpResponse<String> late =
          gateway.send(gateway.init(RunningGateway.SEED).header("Prefer", "wait=1"));

      // When
      door.open();
      HttpResponse<String> next = gateway.initFor("Test Kumar");

      // Then
      assertEquals(504, late.statusCode());
      assertEquals("not-sent", RunningGateway.json(late).getString("outcome"));
      assertEquals(200, next.statusCode(), next.body());
      assertEquals(1, gateway.journal().total());
      assertEquals(List.of(), witness.uncaught());
    } finally {
      await(vertx.close());
    }
  }

  /** Takes connections at once, but lets nothing through until it is opened. */
  private static final class SlowDoor {
    private final Vertx vertx;
    private final NetClient client;
    private final List<NetSocket> waiting = new CopyOnWriteArrayList<>();
    private volatile boolean open;
    private volatile int behind;

    SlowDoor(Vertx vertx) {
      this.vertx = vertx;
      this.client = vertx.createNetClient();
    }

    /** The port of a door before that port. */
    int before(int port) {
      behind = port;
      NetServer server =
          await(
              vertx
                  .createNetServer()
                  .connectHandler(
                      socket -> {
                        socket.pause();
                        if (open) {
                          through(socket);
                        } else {
                          waiting.add(socket);
                        }
                      })
                  .listen(0, "127.0.0.1"));
      return server.actualPort();
    }

    void open() {
      open = true;
      waiting.forEach(this::through);
    }

    private Future<Void> through(NetSocket socket) {
      return client
          .connect(behind, "127.0.0.1")
          .onSuccess(
              inner -> {
                inner.pipeTo(socket);
                socket.pipeTo(inner);
              })
          .mapEmpty();
    }
  }

  @Test
  void findingsThatAreEnforcedFailTheAnswer() {
    for (List<String> pair :
        List.of(
            List.of("crossed", "Crossed"),
            List.of("sandbox", "SandboxToken"),
            List.of("stale", "Stale 700"),
            List.of("link-host", "WrongHost"))) {
      try (RunningGateway gateway =
          RunningGateway.start("token: {enforce: [" + pair.get(0) + "]}")) {
        // When
        HttpResponse<String> odd = gateway.initFor(pair.get(1));

        // Then
        assertEquals(502, odd.statusCode(), odd.body());
        assertEquals("/problems/upstream-malformed", RunningGateway.json(odd).getString("type"));
        assertEquals("unknown", RunningGateway.json(odd).getString("outcome"));
        assertEquals(1, gateway.journal().total());
        assertEquals(200, gateway.initFor("Test Kumar").statusCode());
      }
    }
  }
}
