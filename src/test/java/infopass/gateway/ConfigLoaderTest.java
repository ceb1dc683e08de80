package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.callers.CallerConfig;
import infopass.gateway.config.ConfigException;
import infopass.gateway.config.ConfigSource;
import infopass.gateway.config.Secret;
import infopass.gateway.infopass.InfopassConfig.RetryOn;
import infopass.gateway.infopass.TokenFinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ConfigLoaderTest {
  private static final Path FILE = Path.of("conf/gateway.yaml");

  @Test
  void theFileHoldsTheDefaults() {
    for (boolean sandbox : new boolean[] {false, true}) {
      GatewayConfig file = ConfigLoader.load(ConfigSource.file(FILE), Map.of(), sandbox);
      GatewayConfig empty = load("", sandbox);
      assertEquals(empty.toString(), file.toString());
      // Passwords differ in identity only, and are not shown.
      assertEquals(
          empty.infopass().password().reveal(), file.infopass().password().reveal(), "password");
    }
  }

  /**
   * Read off the loader itself: each of its {@code node.type("key", ...)} calls must be in the list
   * below, and the list must be the file's keys.
   */
  @Test
  void theFileHoldsEveryKeyThatTheLoaderKnows() throws IOException {
    assertEquals(
        KNOWN.stream().sorted().toList(), keysOf("", parsed(FILE)).stream().sorted().toList());
    String loader =
        Files.readString(Path.of("src/main/java/infopass/gateway/ConfigLoader.java"))
            + Files.readString(Path.of("src/main/java/infopass/gateway/InfopassSection.java"))
            + Files.readString(Path.of("src/main/java/infopass/gateway/ClusterSection.java"));
    Set<String> steps = new TreeSet<>();
    KNOWN.forEach(key -> steps.addAll(List.of(key.split("\\."))));
    Set<String> asked = new TreeSet<>();
    Matcher call =
        Pattern.compile(
                "\\.(?:text|texts|integer|decimal|size|flag|duration|uri|secret|secrets|choice"
                    + "|choices|section|sections)\\(\\s*\"(\\w+)\"")
            .matcher(loader);
    while (call.find()) {
      asked.add(call.group(1));
    }
    steps.addAll(OF_A_CALLER);
    assertEquals(steps, asked);
  }

  /** Keys of one item of {@code auth.callers}. */
  private static final Set<String> OF_A_CALLER = Set.of("id", "secretSha256");

  /** Every key that the loader asks for; its sections' own keys are in the reference table too. */
  private static final List<String> KNOWN =
      List.of(
          "http.host",
          "http.port",
          "http.publicUrl",
          "http.allowedOrigins",
          "http.instances",
          "http.maxBodyBytes",
          "http.maxConnections",
          "http.idleTimeout",
          "http.requestTimeout",
          "http.tls.certificate",
          "http.tls.key",
          "http.tls.clientCa",
          "http.trustedProxies",
          "http.proxyProtocol",
          "management.host",
          "management.port",
          "management.hosts",
          "infopass.baseUrl",
          "infopass.username",
          "infopass.password",
          "infopass.userAgent",
          "infopass.http2",
          "infopass.instances",
          "infopass.pool.size",
          "infopass.pool.maxLifetime",
          "infopass.pool.waitQueue",
          "infopass.proxy.host",
          "infopass.proxy.nonProxyHosts",
          "infopass.proxy.password",
          "infopass.proxy.port",
          "infopass.proxy.type",
          "infopass.proxy.username",
          "infopass.timeouts.connect",
          "infopass.timeouts.attempt",
          "infopass.timeouts.overall",
          "infopass.retry.maxAttempts",
          "infopass.retry.on",
          "infopass.retry.backoff.initial",
          "infopass.retry.backoff.max",
          "infopass.retry.budget.ratio",
          "infopass.retry.budget.minPerSecond",
          "infopass.circuitBreaker.window",
          "infopass.circuitBreaker.minimumCalls",
          "infopass.circuitBreaker.failureRate",
          "infopass.circuitBreaker.slowCallRate",
          "infopass.circuitBreaker.slowCallDuration",
          "infopass.circuitBreaker.openFor",
          "infopass.quota.requests",
          "infopass.quota.per",
          "infopass.tls.trustCertificates",
          "auth.mode",
          "auth.callers",
          "init.required",
          "init.allowMasked",
          "init.redirectHosts",
          "init.redirectSchemes",
          "idempotency.maxEntries",
          "admission.maxInFlight",
          "admission.maxWaiting",
          "countdown.expiringAt",
          "countdown.signingKeys",
          "countdown.maxStreams",
          "countdown.maxSessions",
          "token.enforce",
          "token.allowedLinkHosts",
          "ui.enabled",
          "audit.enabled",
          "audit.key",
          "audit.file",
          "cluster.enabled",
          "cluster.roles",
          "cluster.name",
          "cluster.host",
          "cluster.port",
          "cluster.eventBus.host",
          "cluster.eventBus.port",
          "cluster.eventBus.publicHost",
          "cluster.hosts",
          "cluster.dnsQuery",
          "cluster.secret",
          "cluster.tls.certificate",
          "cluster.tls.key",
          "cluster.tls.authority",
          "cluster.insecure",
          "cluster.storeTimeout",
          "cluster.storeFailure",
          "shutdown.drainDelay",
          "shutdown.grace",
          "logging.format",
          "logging.level",
          "logging.accessLog",
          "tracing.otlpEndpoint",
          "tracing.sampleRatio");

  @Test
  void everyKnownKeyIsTakenAlone() {
    for (String key : KNOWN) {
      ConfigSource source = ConfigSource.text("one", nested(key, ""));
      ConfigLoader.load(source, Map.of(), false);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http.host                              | ' '         | must not be empty
          http.port                              | 65536       | must be between 0 and 65535
          http.port                              | http        | must be a whole number
          http.publicUrl                         | kyc.example | must be an http or https URL without a trailing slash
          http.publicUrl                         | https://a/  | must be an http or https URL without a trailing slash
          http.publicUrl                         | 'https://a"b' | must be an http or https URL without a trailing slash
          http.instances                         | -1          | must be between 0 and 1024
          http.maxBodyBytes                      | 255         | must be between 256 and 1048576
          http.maxBodyBytes                      | 16kb        | must be a size such as 512B, 16KiB or 1MiB
          http.maxConnections                    | 0           | must be between 1 and 10000000
          http.idleTimeout                       | 0s          | must be longer than 0
          http.idleTimeout                       | 600h        | must be at most 24h
          http.requestTimeout                    | ten         | must be a duration such as 500ms, 10s, 5m or 1h
          management.host                        | ' '         | must not be empty
          management.port                        | -1          | must be between 0 and 65535
          management.hosts                       | ['a:1']     | must be host names without a port
          infopass.baseUrl                       | infopass.in | must be an absolute URI such as https://example.com
          infopass.baseUrl                       | ftp://a.in  | must be an http or https URL with a host
          infopass.baseUrl                       | https://a.in?b | must not hold user-info, a query or a fragment
          infopass.username                      | 'a:b'       | must not hold a colon
          infopass.userAgent                     | é           | must be printable ASCII text
          infopass.http2                         | yes         | must be true or false
          infopass.instances                     | 1025        | must be between 0 and 1024
          infopass.pool.size                     | 0           | must be between 1 and 100000
          infopass.pool.waitQueue                | -1          | must be between 0 and 1000000
          infopass.timeouts.connect              | 0s          | must be longer than 0
          infopass.timeouts.attempt              | 0s          | must be longer than 0
          infopass.timeouts.overall              | 0s          | must be longer than 0
          infopass.retry.maxAttempts             | 11          | must be between 1 and 10
          infopass.retry.on                      | always      | must be one of safe, transient
          infopass.retry.backoff.max             | 50ms        | must not be shorter than infopass.retry.backoff.initial
          infopass.retry.budget.ratio            | 1.1         | must be between 0 and 1
          infopass.retry.budget.minPerSecond     | -1          | must be between 0 and 1000000
          tracing.otlpEndpoint                   | localhost   | must be an absolute URI such as https://example.com
          tracing.otlpEndpoint                   | grpc://a.in | must be an http or https URL with a host
          tracing.otlpEndpoint                   | http://u:p@a.in | must not hold user-info, a query or a fragment
          tracing.sampleRatio                    | 1.5         | must be between 0 and 1
          infopass.circuitBreaker.window         | 0s          | must be longer than 0
          infopass.circuitBreaker.minimumCalls   | 0           | must be between 1 and 1000000
          infopass.circuitBreaker.failureRate    | 0           | must be above 0 and at most 1
          infopass.circuitBreaker.slowCallRate   | 1.5         | must be above 0 and at most 1
          infopass.circuitBreaker.slowCallDuration | 0s        | must be longer than 0
          infopass.circuitBreaker.openFor        | 0s          | must be longer than 0
          infopass.quota.per                     | 0s          | must be longer than 0
          infopass.tls.trustCertificates         | none.pem    | must be PEM files
          auth.mode                              | open        | must be one of passthrough, callers
          init.required                          | [name, name] | must not name a field twice
          init.redirectHosts                     | ['*']       | must be host names, exact or '*.suffix'
          admission.maxInFlight                  | 0           | must be between 1 and 10000000
          admission.maxWaiting                   | -1          | must be between 0 and 10000000
          countdown.expiringAt                   | soon        | must be a duration such as 500ms, 10s, 5m or 1h
          countdown.maxStreams                   | -1          | must be between 0 and 10000000
          countdown.maxSessions                  | -1          | must be between 0 and 100000000
          token.enforce                          | [all]       | must be one of crossed, sandbox, stale, link-host
          token.allowedLinkHosts                 | ['https://a'] | must be host names
          shutdown.grace                         | 0s          | must be longer than 0
          logging.format                         | xml         | must be one of json, text
          logging.level                          | loud        | must be one of error, warn, info, debug, trace
          logging.accessLog                      | all         | must be one of off, sampled
          """)
  void aBrokenRuleIsTold(String key, String value, String rule) {
    // Given
    String yaml = nested(key, value.isBlank() ? "' '" : value);
    long line = yaml.lines().count();

    // When
    List<String> faults = faults(yaml);

    // Then: where, which key, which rule
    assertEquals(1, faults.size(), faults.toString());
    String fault = faults.get(0);
    assertTrue(fault.startsWith("test:" + line + ": " + key), fault);
    assertTrue(fault.contains(": " + rule), fault);
  }

  @Test
  void tlsNeedsAReadableCertificateAndAReadableKey() {
    List<String> faults = faults("http: {tls: {certificate: none.pem}}");
    assertEquals(2, faults.size(), faults.toString());
    assertTrue(faults.get(0).contains("http.tls.certificate: must be a readable file"));
    assertTrue(faults.get(1).contains("http.tls.key: must be set where http.tls.certificate is"));
  }

  @Test
  void aFaultShowsTheValue() {
    assertEquals(
        List.of("test:2: http.port: must be between 0 and 65535, was 70000"),
        faults("http:\n  port: 70000"));
  }

  @Test
  void allFaultsOfAllSectionsAreToldTogetherInTheOrderOfTheirLines() {
    List<String> faults =
        faults(
            """
            http:
              port: 70000
              maxBodyBytes: 1
            management: {port: x}
            infopass:
              pool: {size: 0}
              retry:
                maxAttempts: 0
              timeouts: {attempt: never}
            logging: {level: loud}
            tracing: {otlpEndpoint: "localhost:4317"}
            surprise: 1
            """);
    assertEquals(9, faults.size(), String.join("\n", faults));
    String[] begins = {
      "test:2: http.port",
      "test:3: http.maxBodyBytes",
      "test:4: management.port",
      "test:6: infopass.pool.size",
      "test:8: infopass.retry.maxAttempts",
      "test:9: infopass.timeouts.attempt",
      "test:10: logging.level",
      "test:11: tracing.otlpEndpoint",
      "test:12: surprise"
    };
    for (int i = 0; i < begins.length; i++) {
      assertTrue(faults.get(i).startsWith(begins[i]), faults.get(i));
    }
  }

  @Test
  void anUnknownKeyIsAFaultInEverySectionAndTheRightOneIsSuggested() {
    assertEquals(
        List.of("test:1: htpp: unknown key, did you mean \"http\"?"), faults("htpp: {port: 1}"));
    Set<String> sections = new TreeSet<>(Set.of(""));
    for (String key : KNOWN) {
      sections.add(key.substring(0, key.lastIndexOf('.')));
    }
    for (String section : sections) {
      String key = section.isEmpty() ? "zzzzzz" : section + ".zzzzzz";
      List<String> faults = faults(nested(key, "1"));
      assertEquals(1, faults.size(), section + faults);
      assertTrue(faults.get(0).endsWith(key + ": unknown key"), faults.get(0));
    }
  }

  @Test
  void theEnvironmentIsPutIn() {
    // Given
    Map<String, String> environment =
        Map.of(
            "HTTP_HOST", "127.0.0.1",
            "HTTP_PORT", "8181",
            "HTTP_PUBLIC_URL", "https://kyc.example.in",
            "MANAGEMENT_HOST", "::1",
            "MANAGEMENT_PORT", "9191",
            "INFOPASS_BASE_URL", "https://staging.example.in/base",
            "INFOPASS_USERNAME", "merchant",
            "INFOPASS_PASSWORD", "a:b",
            "LOG_FORMAT", "text",
            "LOG_LEVEL", "debug");

    // When
    GatewayConfig config = ConfigLoader.load(ConfigSource.file(FILE), environment, false);

    // Then
    assertEquals("127.0.0.1", config.http().host());
    assertEquals(8181, config.http().port());
    assertEquals("https://kyc.example.in", config.http().publicUrl());
    assertEquals("::1", config.management().host());
    assertEquals(9191, config.management().port());
    assertEquals(URI.create("https://staging.example.in/base"), config.infopass().baseUrl());
    assertEquals("merchant", config.infopass().username());
    assertEquals("a:b", config.infopass().password().reveal());
    assertEquals(GatewayConfig.LogFormat.TEXT, config.logging().format());
    assertEquals(GatewayConfig.LogLevel.DEBUG, config.logging().level());
  }

  @Test
  void aVariableThatIsNotSetIsAFault() {
    assertEquals(
        List.of("test:1: infopass.password: environment variable NOT_SET_HERE is not set"),
        faults("infopass: {password: '${NOT_SET_HERE}'}"));
  }

  @Test
  void noFaultShowsASecret() {
    // Given faults of every kind around secrets
    String secret = "hunter2-hunter2";
    List<String> documents =
        List.of(
            "infopass: {password: [" + secret + ", {a: " + secret + "}]}",
            "infopass: {password: {" + secret + "x: 1}, pool: {size: 0}}",
            "infopass: {password: !" + secret + " x}",
            "infopass: {password: \"" + secret + "${\"}",
            "countdown: {signingKeys: [{key: " + secret + "}]}",
            "countdown: {signingKeys: {key: " + secret + "}}",
            "countdown: {signingKeys: [" + secret + ", '']}",
            "audit: {enabled: true, key: [" + secret + "]}",
            "infopass: {baseUrl: 'https://user:" + secret + "@infopass.in'}");
    for (String document : documents) {
      // When
      List<String> faults = faults(document);

      // Then
      assertFalse(faults.isEmpty(), document);
      assertFalse(String.join("\n", faults).contains(secret), document + faults);
    }
  }

  @Test
  void noSecretIsShownOfTheWhole() {
    GatewayConfig config =
        load(
            "infopass: {username: u, password: hunter2}\ncountdown: {signingKeys: [s3cr3t]}", true);
    assertFalse(config.toString().contains("hunter2"));
    assertFalse(config.toString().contains("s3cr3t"));
  }

  private static final String NODE =
      "hosts: ['10.0.0.1:7800'], secret: " + "s".repeat(32) + ", host: 10.0.0.2";

  @Test
  void aNodeBeyondThisMachineNeedsTlsOrASwitch() {
    // When
    List<String> faults = faults("cluster: {enabled: true, " + NODE + "}");
    GatewayConfig config = load("cluster: {enabled: true, insecure: true, " + NODE + "}", false);

    // Then
    assertEquals(1, faults.size(), faults.toString());
    assertTrue(faults.get(0).contains("cluster.tls: must be set"), faults.toString());
    assertEquals("10.0.0.2", config.cluster().host());
  }

  @Test
  void aNodeNeedsOthersToLookForAndASecret() {
    // When
    List<String> faults = faults("cluster: {enabled: true}");

    // Then
    assertTrue(faults.stream().anyMatch(f -> f.contains("cluster.hosts: ")), faults.toString());
    assertTrue(faults.stream().anyMatch(f -> f.contains("cluster.secret: ")), faults.toString());
  }

  private static final String DIGEST = "ab".repeat(32);

  @Test
  void callersHaveKeysHostsAndQuotas() {
    // When
    GatewayConfig config =
        load(
            "auth: {mode: callers, callers: [{id: app, secretSha256: ["
                + DIGEST
                + ", "
                + DIGEST
                + "], redirectHosts: ['*.app.in'], quota: {requests: 100, per: 30s}}, {id: other,"
                + " secretSha256: "
                + DIGEST
                + "}]}",
            true);

    // Then
    CallerConfig app = config.auth().callers().get(0);
    assertEquals("app", app.id());
    assertEquals(2, app.secretSha256().size());
    assertEquals(List.of("*.app.in"), app.redirectHosts());
    assertEquals(100, app.quota().orElseThrow().requests());
    assertEquals(Duration.ofSeconds(30), app.quota().orElseThrow().per());
    assertTrue(config.auth().callers().get(1).quota().isEmpty());
    assertFalse(config.toString().contains(DIGEST));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode: callers | auth.callers: must name at least one caller",
        "callers: [{id: a}] | auth.callers[0].secretSha256: must hold one digest",
        "callers: [{id: a, secretSha256: hunter2}] | auth.callers[0].secretSha256: must be SHA-256",
        "callers: [{id: 'a:b', secretSha256: D}] | auth.callers[0].id: must be at most",
        "callers: [{secretSha256: D}] | auth.callers[0].id: must not be empty",
        "callers: [{id: a, secretSha256: [D, D, D]}] | auth.callers[0].secretSha256: must hold one",
        "callers: [{id: a, secretSha256: D}, {id: a, secretSha256: D}] | auth.callers: must not",
        "callers: [{id: a, secretSha256: D, redirectHosts: ['a b']}] | callers[0].redirectHosts:",
        "callers: [{id: a, secretSha256: D, quota: {requests: -1}}] | callers[0].quota.requests:",
        "callers: [{id: a, secretSha256: D, quota: {requests: 1, per: 1ms}}] | [0].quota.per: must",
        "callers: [{id: a, secretSha256: D, quotas: 1}] | auth.callers[0].quotas: unknown key"
      })
  void faultsOfCallersAreNamed(String auth, String fault) {
    // When
    List<String> faults =
        faults("infopass: {username: u}\nauth: {" + auth.replace("D", DIGEST) + "}");

    // Then
    assertTrue(faults.stream().anyMatch(line -> line.contains(fault)), faults.toString());
    assertFalse(faults.toString().contains("hunter2"));
  }

  @Test
  void callersNeedAnAccountOfTheGateways() {
    // When
    List<String> faults =
        faults("auth: {mode: callers, callers: [{id: a, secretSha256: " + DIGEST + "}]}");

    // Then
    assertTrue(faults.toString().contains("infopass.username: must be set"), faults.toString());
  }

  @Test
  void theSandboxHasDefaultsOfItsOwn() {
    GatewayConfig sandbox = load("", true);
    assertTrue(sandbox.init().allowMasked());
    assertTrue(sandbox.uiEnabled());
    assertEquals("sandbox", sandbox.infopass().username());
    assertEquals("sandbox", sandbox.infopass().password().reveal());
    GatewayConfig production = load("", false);
    assertFalse(production.init().allowMasked());
    assertFalse(production.uiEnabled());
    assertEquals("", production.infopass().username());
    assertTrue(production.infopass().password().isEmpty());
  }

  @Test
  void whatIsSetWinsOverTheDefaultsOfTheSandbox() {
    GatewayConfig config =
        load(
            """
            init: {allowMasked: false}
            ui: {enabled: false}
            infopass: {username: merchant, password: own}
            """,
            true);
    assertFalse(config.init().allowMasked());
    assertFalse(config.uiEnabled());
    assertEquals("merchant", config.infopass().username());
    assertEquals("own", config.infopass().password().reveal());
  }

  @Test
  void everyValueReachesItsPlace() {
    GatewayConfig config =
        load(
            """
            http: {host: h, port: 1, publicUrl: "https://p/x", allowedOrigins: [https://o], instances: 2,
              maxBodyBytes: 1KiB, maxConnections: 3, idleTimeout: 14s, requestTimeout: 5s}
            management: {host: m, port: 6, hosts: [n.example]}
            infopass:
              userAgent: ua
              http2: true
              instances: 7
              pool: {size: 8, waitQueue: 9}
              timeouts: {connect: 10s, attempt: 11s, overall: 12s}
              retry: {maxAttempts: 4, on: safe, backoff: {initial: 13ms, max: 14ms},
                budget: {ratio: 0.15, minPerSecond: 16}}
              circuitBreaker: {window: 17s, minimumCalls: 18, failureRate: 0.19, slowCallRate: 0.2,
                slowCallDuration: 21s, openFor: 22s}
              quota: {per: 23s}
            init: {required: [name], redirectHosts: ["*.a.in"]}
            admission: {maxInFlight: 24, maxWaiting: 25}
            countdown: {expiringAt: 26s, maxStreams: 27, maxSessions: 28}
            token: {enforce: [crossed, link-host], allowedLinkHosts: [L.in]}
            shutdown: {drainDelay: 29s, grace: 30s}
            logging: {accessLog: sampled}
            """,
            false);
    assertEquals(List.of("https://o"), config.http().allowedOrigins());
    assertEquals(1024, config.http().maxBodyBytes());
    assertEquals(3, config.http().maxConnections());
    assertEquals(Duration.ofSeconds(14), config.http().idleTimeout());
    assertEquals(Duration.ofSeconds(5), config.http().requestTimeout());
    assertEquals(9, config.infopass().pool().waitQueue());
    assertEquals(Duration.ofSeconds(10), config.infopass().timeouts().connect());
    assertEquals(Duration.ofSeconds(11), config.infopass().timeouts().attempt());
    assertEquals(Duration.ofSeconds(12), config.infopass().timeouts().overall());
    assertEquals(RetryOn.SAFE, config.infopass().retry().on());
    assertEquals(Duration.ofMillis(13), config.infopass().retry().initialBackoff());
    assertEquals(Duration.ofMillis(14), config.infopass().retry().maxBackoff());
    assertEquals(0.15, config.infopass().retry().budgetRatio());
    assertEquals(16, config.infopass().retry().budgetMinPerSecond());
    assertEquals(0.19, config.infopass().circuitBreaker().failureRate());
    assertEquals(0.2, config.infopass().circuitBreaker().slowCallRate());
    assertEquals(Duration.ofSeconds(17), config.infopass().circuitBreaker().window());
    assertEquals(Duration.ofSeconds(21), config.infopass().circuitBreaker().slowCallDuration());
    assertEquals(Duration.ofSeconds(22), config.infopass().circuitBreaker().openFor());
    assertEquals(24, config.admission().maxInFlight());
    assertEquals(Duration.ofSeconds(26), config.countdown().expiringAt());
    assertEquals(Set.of(TokenFinding.CROSSED, TokenFinding.LINK_HOST), config.token().enforce());
    assertEquals(Set.of("l.in"), config.token().allowedLinkHosts());
    assertEquals(Duration.ofSeconds(29), config.shutdown().drainDelay());
    assertEquals(GatewayConfig.AccessLogMode.SAMPLED, config.logging().accessLog());
  }

  @Test
  void jsonIsTakenToo() {
    assertEquals(8181, load("{\"http\": {\"port\": 8181}}", false).http().port());
  }

  @Test
  void aMissingFileIsAFault(@TempDir Path folder) {
    Path missing = folder.resolve("missing.yaml");
    ConfigException fault = assertThrows(ConfigException.class, () -> ConfigSource.file(missing));
    assertEquals(List.of(missing + ": no such file"), fault.faults());
  }

  @Test
  void theAccountOfTheEnvironmentIsUsedWhereAFileNamesNone() {
    Map<String, String> environment =
        Map.of("INFOPASS_USERNAME", "merchant", "INFOPASS_PASSWORD", "hunter2");
    for (boolean sandbox : new boolean[] {false, true}) {
      GatewayConfig without =
          ConfigLoader.load(ConfigSource.text("test", "http: {port: 0}"), environment, sandbox);
      GatewayConfig with =
          ConfigLoader.load(
              ConfigSource.text("test", "infopass: {username: own, password: p}"),
              environment,
              sandbox);

      assertEquals("merchant", without.infopass().username());
      assertEquals(Secret.of("hunter2"), without.infopass().password());
      assertEquals("own", with.infopass().username());
      assertEquals(Secret.of("p"), with.infopass().password());
      GatewayConfig half =
          ConfigLoader.load(
              ConfigSource.text("test", "infopass: {username: own}"), environment, sandbox);
      assertEquals(Secret.of(sandbox ? "sandbox" : ""), half.infopass().password());
    }
  }

  private static GatewayConfig load(String yaml, boolean sandbox) {
    return ConfigLoader.load(ConfigSource.text("test", yaml), Map.of(), sandbox);
  }

  private static List<String> faults(String yaml) {
    return assertThrows(ConfigException.class, () -> load(yaml, false), yaml).faults();
  }

  /** {@code a.b.c} and a value as nested YAML, one line for each step. */
  private static String nested(String key, String value) {
    StringBuilder yaml = new StringBuilder();
    String[] steps = key.split("\\.");
    for (int i = 0; i < steps.length; i++) {
      yaml.append("  ".repeat(i)).append(steps[i]).append(':');
      yaml.append(i < steps.length - 1 ? "\n" : " " + value);
    }
    return yaml.toString();
  }

  private static Map<?, ?> parsed(Path file) {
    try {
      return (Map<?, ?>)
          new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> keysOf(String path, Map<?, ?> section) {
    List<String> keys = new ArrayList<>();
    section.forEach(
        (key, value) -> {
          String at = path.isEmpty() ? "" + key : path + '.' + key;
          if (value instanceof Map<?, ?> inner) {
            keys.addAll(keysOf(at, inner));
          } else {
            keys.add(at);
          }
        });
    return keys;
  }
}
