package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
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
    Files.writeString(file, yaml);
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
