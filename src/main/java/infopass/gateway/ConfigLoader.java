package infopass.gateway;

import infopass.gateway.GatewayConfig.AccessLogMode;
import infopass.gateway.GatewayConfig.Admission;
import infopass.gateway.GatewayConfig.LogFormat;
import infopass.gateway.GatewayConfig.LogLevel;
import infopass.gateway.GatewayConfig.Logs;
import infopass.gateway.GatewayConfig.Management;
import infopass.gateway.GatewayConfig.Shutdown;
import infopass.gateway.config.ConfigException;
import infopass.gateway.config.ConfigNode;
import infopass.gateway.config.ConfigSource;
import infopass.gateway.config.Faults;
import infopass.gateway.config.Secret;
import infopass.gateway.countdown.CountdownConfig;
import infopass.gateway.http.HttpConfig;
import infopass.gateway.infopass.ExtraTrust;
import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.infopass.TokenConfig;
import infopass.gateway.infopass.TokenFinding;
import infopass.gateway.intake.InitConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a file and the environment into a {@link GatewayConfig}, once, at the start. All faults of
 * all sections are reported together.
 */
final class ConfigLoader {
  private final Faults faults = new Faults();
  private final boolean sandbox;

  private ConfigLoader(boolean sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * @param sandbox whether the built-in partner is used, which changes some defaults
   * @throws ConfigException with every fault: its place, its key, the rule and the value
   */
  static GatewayConfig load(ConfigSource source, Map<String, String> environment, boolean sandbox) {
    ConfigLoader loader = new ConfigLoader(sandbox);
    ConfigNode root = ConfigNode.root(source, environment, loader.faults);
    GatewayConfig config = loader.gateway(root);
    loader.faults.throwIfAny();
    return config;
  }

  private GatewayConfig gateway(ConfigNode root) {
    GatewayConfig config =
        new GatewayConfig(
            http(root.section("http")),
            management(root.section("management")),
            infopass(root.section("infopass")),
            init(root.section("init")),
            admission(root.section("admission")),
            countdown(root.section("countdown")),
            token(root.section("token")),
            ui(root.section("ui")),
            shutdown(root.section("shutdown")),
            logging(root.section("logging")));
    auth(root.section("auth"));
    idempotency(root.section("idempotency"));
    audit(root.section("audit"));
    cluster(root.section("cluster"));
    tracing(root.section("tracing"));
    root.finish();
    return config;
  }

  private HttpConfig http(ConfigNode node) {
    String host = node.text("host", "0.0.0.0");
    int port = node.integer("port", 8080);
    String publicUrl = node.text("publicUrl", "");
    List<String> origins = node.texts("allowedOrigins", List.of());
    int instances = node.integer("instances", 0);
    int maxBodyBytes = bounded(node.size("maxBodyBytes", 16 * 1024));
    int maxConnections = node.integer("maxConnections", 10_000);
    Duration idle = node.duration("idleTimeout", Duration.ofSeconds(60));
    Duration request = node.duration("requestTimeout", Duration.ofSeconds(10));
    Optional<HttpConfig.Tls> tls = httpTls(node.section("tls"));
    node.finish();
    return node.build(
        () ->
            new HttpConfig(
                host,
                port,
                publicUrl,
                origins,
                instances,
                maxBodyBytes,
                maxConnections,
                idle,
                request,
                tls),
        null);
  }

  private Optional<HttpConfig.Tls> httpTls(ConfigNode node) {
    String certificate = node.text("certificate", "");
    String key = node.text("key", "");
    String clientCa = node.text("clientCa", "");
    node.finish();
    if (certificate.isEmpty() && key.isEmpty() && clientCa.isEmpty()) {
      return Optional.empty();
    }
    requireReadable(node, "certificate", certificate);
    requireReadable(node, "key", key);
    requireReadable(node, "clientCa", clientCa);
    return Optional.ofNullable(
        node.build(() -> new HttpConfig.Tls(certificate, key, clientCa), null));
  }

  private Management management(ConfigNode node) {
    String host = node.text("host", "127.0.0.1");
    int port = node.integer("port", 9090);
    node.finish();
    return node.build(() -> new Management(host, port), null);
  }

  private InfopassConfig infopass(ConfigNode node) {
    URI baseUrl = node.uri("baseUrl", URI.create("https://infopass.in"));
    String username = node.text("username", sandbox ? "sandbox" : "");
    Secret password = node.secret("password", Secret.of(sandbox ? "sandbox" : ""));
    String userAgent = node.text("userAgent", "infopass-gateway");
    boolean http2 = node.flag("http2", false);
    int instances = node.integer("instances", 0);
    InfopassConfig.Pool pool = pool(node.section("pool"));
    InfopassConfig.Timeouts timeouts = timeouts(node.section("timeouts"));
    InfopassConfig.Retry retry = retry(node.section("retry"));
    InfopassConfig.Breaker breaker = breaker(node.section("circuitBreaker"));
    InfopassConfig.Quota quota = quota(node.section("quota"));
    InfopassConfig.Tls tls = infopassTls(node.section("tls"));
    node.finish();
    return node.build(
        () ->
            new InfopassConfig(
                baseUrl, username, password, userAgent, http2, instances, pool, timeouts, retry,
                breaker, quota, tls),
        null);
  }

  private static InfopassConfig.Pool pool(ConfigNode node) {
    int size = node.integer("size", 128);
    int waitQueue = node.integer("waitQueue", 512);
    node.finish();
    return node.build(() -> new InfopassConfig.Pool(size, waitQueue), null);
  }

  private static InfopassConfig.Timeouts timeouts(ConfigNode node) {
    Duration connect = node.duration("connect", Duration.ofSeconds(2));
    Duration attempt = node.duration("attempt", Duration.ofSeconds(10));
    Duration overall = node.duration("overall", Duration.ofSeconds(20));
    node.finish();
    return node.build(() -> new InfopassConfig.Timeouts(connect, attempt, overall), null);
  }

  private static InfopassConfig.Retry retry(ConfigNode node) {
    int maxAttempts = node.integer("maxAttempts", 3);
    InfopassConfig.RetryOn on =
        node.choice("on", InfopassConfig.RetryOn.class, InfopassConfig.RetryOn.TRANSIENT);
    ConfigNode backoff = node.section("backoff");
    Duration initial = backoff.duration("initial", Duration.ofMillis(100));
    Duration max = backoff.duration("max", Duration.ofSeconds(2));
    backoff.finish();
    ConfigNode budget = node.section("budget");
    double ratio = budget.decimal("ratio", 0.1);
    int minPerSecond = budget.integer("minPerSecond", 3);
    budget.finish();
    node.finish();
    return node.build(
        () -> new InfopassConfig.Retry(maxAttempts, on, initial, max, ratio, minPerSecond), null);
  }

  private static InfopassConfig.Breaker breaker(ConfigNode node) {
    Duration window = node.duration("window", Duration.ofSeconds(10));
    int minimumCalls = node.integer("minimumCalls", 20);
    double failureRate = node.decimal("failureRate", 0.5);
    double slowCallRate = node.decimal("slowCallRate", 0.8);
    Duration slowCallDuration = node.duration("slowCallDuration", Duration.ofSeconds(8));
    Duration openFor = node.duration("openFor", Duration.ofSeconds(5));
    node.finish();
    return node.build(
        () ->
            new InfopassConfig.Breaker(
                window, minimumCalls, failureRate, slowCallRate, slowCallDuration, openFor),
        null);
  }

  private InfopassConfig.Quota quota(ConfigNode node) {
    int requests = node.integer("requests", 0);
    Duration per = node.duration("per", Duration.ofSeconds(60));
    node.finish();
    unavailable(requests != 0, node, "requests");
    return node.build(() -> new InfopassConfig.Quota(requests, per), null);
  }

  private InfopassConfig.Tls infopassTls(ConfigNode node) {
    List<String> files = node.texts("trustCertificates", List.of());
    node.finish();
    try {
      ExtraTrust.load(files);
    } catch (IOException e) {
      faults.add(node.path() + ".trustCertificates", "must be PEM files: " + e.getMessage());
    }
    return node.build(() -> new InfopassConfig.Tls(files), null);
  }

  private InitConfig init(ConfigNode node) {
    List<String> required = node.texts("required", InitConfig.ALL_FIELDS);
    boolean allowMasked = node.flag("allowMasked", sandbox);
    List<String> redirectHosts = node.texts("redirectHosts", List.of());
    node.finish();
    return node.build(() -> new InitConfig(required, allowMasked, redirectHosts), null);
  }

  private static Admission admission(ConfigNode node) {
    int maxInFlight = node.integer("maxInFlight", 4096);
    int maxWaiting = node.integer("maxWaiting", 4096);
    node.finish();
    return node.build(() -> new Admission(maxInFlight, maxWaiting), null);
  }

  private static CountdownConfig countdown(ConfigNode node) {
    Duration expiringAt = node.duration("expiringAt", Duration.ofSeconds(60));
    List<Secret> signingKeys = node.secrets("signingKeys", List.of());
    int maxStreams = node.integer("maxStreams", 10_000);
    int maxSessions = node.integer("maxSessions", 1_000_000);
    node.finish();
    return node.build(
        () -> new CountdownConfig(expiringAt, signingKeys, maxStreams, maxSessions), null);
  }

  private static TokenConfig token(ConfigNode node) {
    Set<TokenFinding> enforce = node.choices("enforce", TokenFinding.class, Set.of());
    List<String> hosts = node.texts("allowedLinkHosts", List.of("digilocker-sdk.notbot.in"));
    node.finish();
    return node.build(() -> new TokenConfig(enforce, hosts), null);
  }

  private boolean ui(ConfigNode node) {
    boolean enabled = node.flag("enabled", sandbox);
    node.finish();
    return enabled;
  }

  private static Shutdown shutdown(ConfigNode node) {
    Duration drainDelay = node.duration("drainDelay", Duration.ZERO);
    Duration grace = node.duration("grace", Duration.ofSeconds(30));
    node.finish();
    return node.build(() -> new Shutdown(drainDelay, grace), null);
  }

  private static Logs logging(ConfigNode node) {
    LogFormat format = node.choice("format", LogFormat.class, LogFormat.JSON);
    LogLevel level = node.choice("level", LogLevel.class, LogLevel.INFO);
    AccessLogMode access = node.choice("accessLog", AccessLogMode.class, AccessLogMode.OFF);
    node.finish();
    return new Logs(format, level, access);
  }

  /** Who callers are. */
  private enum AuthMode {
    PASSTHROUGH,
    CALLERS
  }

  private void auth(ConfigNode node) {
    AuthMode mode = node.choice("mode", AuthMode.class, AuthMode.PASSTHROUGH);
    unavailable(mode == AuthMode.CALLERS, node, "mode");
    unavailable(!node.sections("callers").isEmpty(), node, "callers");
    node.finish();
  }

  private static void idempotency(ConfigNode node) {
    node.integer("maxEntries", 100_000);
    node.finish();
  }

  private void audit(ConfigNode node) {
    unavailable(node.flag("enabled", false), node, "enabled");
    node.secret("key", Secret.of(""));
    node.text("file", "");
    node.finish();
  }

  private void cluster(ConfigNode node) {
    unavailable(node.flag("enabled", false), node, "enabled");
    node.texts("roles", List.of());
    node.finish();
  }

  private void tracing(ConfigNode node) {
    unavailable(!node.text("otlpEndpoint", "").isEmpty(), node, "otlpEndpoint");
    node.finish();
  }

  /** A setting that would silently do nothing is refused. */
  private void unavailable(boolean asked, ConfigNode node, String key) {
    if (asked) {
      faults.add(node.path() + '.' + key, "asks for what this version does not have yet");
    }
  }

  private void requireReadable(ConfigNode node, String key, String file) {
    if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
      faults.add(node.path() + '.' + key, "must be a readable file", file);
    }
  }

  private static int bounded(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }
}
