package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A configuration that changes while the gateway runs. */
class ReloadIT {
  private static final String PORTS = "http: {host: 127.0.0.1, port: 0}\nmanagement: {port: 0}\n";

  @TempDir private Path folder;
  private Path file;
  private Path secret;
  private RunningGateway gateway;
  private ConfigWatch watch;
  private final BlockingQueue<GatewayConfig> taken = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() throws IOException {
    file = folder.resolve("gateway.yaml");
    secret = folder.resolve("password");
    Files.writeString(secret, "first\n");
    String yaml = yaml("one", "{requests: 2, per: 60s}", "");
    Files.writeString(file, yaml);
    gateway = RunningGateway.start(yaml);
    URI partner = gateway.partner();
    watch =
        new ConfigWatch(
            gateway.vertx(),
            file,
            Map.of(),
            true,
            Duration.ofMillis(50),
            next -> {
              gateway.gateway().reload(next.sendingTo(partner));
              taken.add(next);
            });
    RunningGateway.await(watch.start(RunningGateway.config(yaml)));
  }

  @AfterEach
  void stop() {
    watch.stop();
    gateway.close();
  }

  @Test
  void secretsRulesAndLimitsChangeAndRequestsUnderWayDoNotNotice() throws Exception {
    // Given
    CompletableFuture<HttpResponse<String>> underWay = gateway.sendAsync(init("one", "Slow 1500"));
    assertEquals(200, gateway.send(init("one", "Test Kumar")).statusCode());

    // When
    change(yaml("two", "{requests: 2, per: 60s}", "init: {redirectHosts: [elsewhere.in]}\n"));

    // Then
    Problems.check(gateway.send(init("one", "Test Kumar")), 401, "unauthenticated");
    Problems.check(gateway.send(init("two", "Test Kumar")), 403, "redirect-not-allowed");
    assertEquals(200, underWay.get(10, TimeUnit.SECONDS).statusCode());

    // When
    change(yaml("two", "{requests: 2, per: 60s}", ""));

    // Then
    HttpResponse<String> third = gateway.send(init("two", "Test Kumar"));
    Problems.check(third, 429, "quota-exceeded");

    // When
    change(yaml("two", "{requests: 3, per: 60s}", ""));

    // Then
    assertEquals(200, gateway.send(init("two", "Test Kumar")).statusCode());
    Problems.check(gateway.send(init("two", "Test Kumar")), 429, "quota-exceeded");
  }

  @Test
  void theRightPasswordEndsTheHoldOfTheWrongOne() {
    // Given: an account that is refused
    gateway
        .gateway()
        .reload(RunningGateway.config(accountOf("denied")).sendingTo(gateway.partner()));
    for (int i = 0; i < 4; i++) {
      Problems.check(gateway.send(init("one", "Test Kumar")), 502, "upstream-credentials");
    }
    long seen = gateway.journal().total();
    Problems.check(gateway.send(init("one", "Test Kumar")), 502, "upstream-credentials");
    assertEquals(seen, gateway.journal().total());

    // When
    gateway
        .gateway()
        .reload(RunningGateway.config(accountOf("right")).sendingTo(gateway.partner()));

    // Then
    assertEquals(200, gateway.send(init("one", "Test Kumar")).statusCode());
  }

  private String accountOf(String username) {
    return yaml("one", "{requests: 100, per: 60s}", "")
        .replaceAll("username: [^,}\\n]+", "username: " + username);
  }

  @Test
  void underLoadNobodyNoticesAndTheNewLimitHolds() throws Exception {
    // Given
    String wide = "{requests: 100000, per: 60s}";
    change(yaml("one", wide, ""));
    List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();

    // When: it changes again and again, and each time something else of it
    for (int i = 0; i < 10; i++) {
      for (int j = 0; j < 20; j++) {
        sent.add(gateway.sendAsync(init("one", j % 2 == 0 ? "Test Kumar" : "Slow 300")));
      }
      change(
          yaml(
              "one",
              wide,
              "admission: {maxInFlight: %s}\nshutdown: {grace: %ss}\n".formatted(900 + i, 20 + i)));
    }

    // Then
    for (CompletableFuture<HttpResponse<String>> each : sent) {
      HttpResponse<String> answer = each.get(20, TimeUnit.SECONDS);
      assertEquals(200, answer.statusCode(), answer.body());
    }

    // When
    change(yaml("one", "{requests: 1, per: 60s}", ""));

    // Then: what was asked for before is not forgotten
    Problems.check(gateway.send(init("one", "Test Kumar")), 429, "quota-exceeded");
  }

  @Test
  void everyFaultOfARefusedConfigurationIsLogged() throws Exception {
    Logger log = (Logger) LoggerFactory.getLogger(ConfigWatch.class);
    BlockingQueue<String> said = new LinkedBlockingQueue<>();
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            said.add(event.getFormattedMessage() + ' ' + event.getKeyValuePairs());
          }
        };
    appender.start();
    log.addAppender(appender);
    try {
      // When
      Files.writeString(
          file,
          yaml(
              "one",
              "{requests: 9, per: 60s}",
              "admission: {maxInFlight: 0}\nui: {enable: true}\n"));

      // Then
      StringBuilder all = new StringBuilder();
      while (!all.toString().contains("stays")) {
        all.append(said.poll(10, TimeUnit.SECONDS)).append('\n');
      }
      assertTrue(all.toString().contains("admission.maxInFlight"), all::toString);
      assertTrue(all.toString().contains("ui.enable"), all::toString);
      assertEquals(200, gateway.send(init("one", "Test Kumar")).statusCode());
    } finally {
      log.detachAppender(appender);
    }
  }

  @Test
  void anEmptyFileIsNoConfiguration() throws Exception {
    // When
    Files.writeString(file, "");

    // Then
    assertNull(taken.poll(500, TimeUnit.MILLISECONDS));
    assertEquals(200, gateway.send(init("one", "Test Kumar")).statusCode());
  }

  @Test
  void aSecretFileIsWatchedToo() throws Exception {
    // When
    Files.writeString(secret, "second\n");

    // Then
    GatewayConfig next = taken.poll(10, TimeUnit.SECONDS);
    assertEquals("second", next.infopass().password().reveal());
  }

  @Test
  void aConfigurationWithFaultsIsRefusedWhole() throws Exception {
    // When
    Files.writeString(file, yaml("two", "{requests: 1, per: 60s}", "init: {required: [a, a]}\n"));
    Files.writeString(folder.resolve("other"), "");

    // Then
    assertNull(taken.poll(500, TimeUnit.MILLISECONDS));
    assertEquals(200, gateway.send(init("one", "Test Kumar")).statusCode());

    // When
    change(yaml("two", "{requests: 9, per: 60s}", ""));

    // Then
    assertEquals(200, gateway.send(init("two", "Test Kumar")).statusCode());
  }

  @Test
  void whatDiffersIsNamedByItsKey() {
    List<String> changes =
        ConfigChanges.between(
            RunningGateway.config("infopass: {pool: {size: 3}}\n"),
            RunningGateway.config(
                "infopass: {pool: {size: 4}, password: x}\nui: {enabled: false}\n"));
    assertEquals(List.of("infopass.password", "infopass.pool.size", "uiEnabled"), changes);
  }

  private void change(String yaml) throws Exception {
    taken.clear();
    // At once, as operators and Kubernetes do: a half-written file is another configuration.
    Path next = Files.writeString(folder.resolve("next.yaml"), yaml);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    assertTrue(taken.poll(10, TimeUnit.SECONDS) != null, "the change was not noticed");
  }

  private String yaml(String password, String quota, String more) {
    return PORTS
        + "infopass: {username: sandbox, password: '${file:"
        + secret
        + "}'}\nauth: {mode: callers, callers: [{id: app, secretSha256: "
        + sha256(password)
        + ", quota: "
        + quota
        + "}]}\n"
        + more;
  }

  private HttpRequest.Builder init(String password, String name) {
    return gateway
        .init(RunningGateway.body(name))
        .setHeader("Authorization", RunningGateway.basic("app", password));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
