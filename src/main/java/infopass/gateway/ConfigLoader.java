package infopass.gateway;

import infopass.gateway.GatewayConfig.AccessLogMode;
import infopass.gateway.GatewayConfig.Admission;
import infopass.gateway.GatewayConfig.Idempotency;
import infopass.gateway.GatewayConfig.LogFormat;
import infopass.gateway.GatewayConfig.LogLevel;
import infopass.gateway.GatewayConfig.Logs;
import infopass.gateway.GatewayConfig.Management;
import infopass.gateway.GatewayConfig.Shutdown;
import infopass.gateway.audit.AuditConfig;
import infopass.gateway.callers.AuthConfig;
import infopass.gateway.callers.CallerConfig;
import infopass.gateway.config.ConfigException;
import infopass.gateway.config.ConfigNode;
import infopass.gateway.config.ConfigSource;
import infopass.gateway.config.Faults;
import infopass.gateway.config.Secret;
import infopass.gateway.countdown.CountdownConfig;
import infopass.gateway.http.HttpConfig;
import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.infopass.TokenConfig;
import infopass.gateway.infopass.TokenFinding;
import infopass.gateway.intake.InitConfig;
import infopass.gateway.tracing.TracingConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
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
  private final Map<String, String> environment;
  private final boolean sandbox;

  private ConfigLoader(Map<String, String> environment, boolean sandbox) {
    this.environment = environment;
    this.sandbox = sandbox;
  }

  /**
   * @param sandbox whether the built-in partner is used, which changes some defaults
   * @throws ConfigException with every fault: its place, its key, the rule and the value
   */
  static GatewayConfig load(ConfigSource source, Map<String, String> environment, boolean sandbox) {
    ConfigLoader loader = new ConfigLoader(environment, sandbox);
    ConfigNode root = ConfigNode.root(source, environment, loader.faults);
    GatewayConfig config = loader.gateway(root);
    loader.faults.throwIfAny();
    return config;
  }

  private GatewayConfig gateway(ConfigNode root) {
    InfopassConfig infopass =
        new InfopassSection(faults, environment, sandbox).read(root.section("infopass"));
    GatewayConfig config =
        new GatewayConfig(
            http(root.section("http")),
            management(root.section("management")),
            infopass,
            auth(root.section("auth"), infopass),
            init(root.section("init")),
            idempotency(root.section("idempotency")),
            admission(root.section("admission")),
            countdown(root.section("countdown")),
            token(root.section("token")),
            ui(root.section("ui")),
            audit(root.section("audit")),
            shutdown(root.section("shutdown")),
            logging(root.section("logging")),
            tracing(root.section("tracing")),
            new ClusterSection(faults).read(root.section("cluster")));
    root.finish();
    checkListeners(config);
    return config;
  }

  /** Each request would meet one of the two at random, and operators' pages be public. */
  private void checkListeners(GatewayConfig config) {
    HttpConfig http = config.http();
    Management management = config.management();
    if (http != null
        && management != null
        && http.port() != 0
        && http.port() == management.port()
        && ListenAddresses.overlap(http.host(), management.host())) {
      faults.add("management.port", "must not be http.port on the same address");
    }
  }

  private HttpConfig http(ConfigNode node) {
    String host = node.text("host", "0.0.0.0");
    int port = node.integer("port", 8080);
    String publicUrl = node.text("publicUrl", "");
    List<String> origins = node.texts("allowedOrigins", List.of());
    int instances = node.integer("instances", 0);
    int maxBodyBytes = bounded(node.size("maxBodyBytes", 16 * 1024));
    int maxConnections = node.integer("maxConnections", 10_000);
    Duration idle = node.duration("idleTimeout", Duration.ofSeconds(75));
    Duration request = node.duration("requestTimeout", Duration.ofSeconds(10));
    Optional<HttpConfig.Tls> tls = httpTls(node.section("tls"));
    List<String> trustedProxies = node.texts("trustedProxies", List.of());
    boolean proxyProtocol = node.flag("proxyProtocol", false);
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
                tls,
                trustedProxies,
                proxyProtocol),
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
    TlsFiles.faults(certificate, key, clientCa)
        .forEach((setting, fault) -> faults.add(node.path() + '.' + setting, fault));
    return Optional.ofNullable(
        node.build(() -> new HttpConfig.Tls(certificate, key, clientCa), null));
  }

  private Management management(ConfigNode node) {
    String host = node.text("host", "127.0.0.1");
    int port = node.integer("port", 9090);
    List<String> hosts = node.texts("hosts", List.of());
    node.finish();
    return node.build(() -> new Management(host, port, hosts), null);
  }

  private InitConfig init(ConfigNode node) {
    List<String> required = node.texts("required", InitConfig.ALL_FIELDS);
    boolean allowMasked = node.flag("allowMasked", sandbox);
    List<String> redirectHosts = node.texts("redirectHosts", List.of());
    List<String> redirectSchemes = node.texts("redirectSchemes", List.of("https", "http"));
    node.finish();
    return node.build(
        () -> new InitConfig(required, allowMasked, redirectHosts, redirectSchemes), null);
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

  private AuthConfig auth(ConfigNode node, InfopassConfig infopass) {
    AuthConfig.Mode mode = node.choice("mode", AuthConfig.Mode.class, AuthConfig.Mode.PASSTHROUGH);
    List<CallerConfig> callers = new ArrayList<>();
    for (ConfigNode caller : node.sections("callers")) {
      callers.add(caller(caller));
    }
    node.finish();
    if (mode == AuthConfig.Mode.CALLERS && infopass != null && infopass.username().isEmpty()) {
      faults.add("infopass.username", "must be set where auth.mode is callers");
    }
    return node.build(() -> new AuthConfig(mode, callers), null);
  }

  private static CallerConfig caller(ConfigNode node) {
    String id = node.text("id", "");
    List<Secret> digests = node.secrets("secretSha256", List.of());
    List<String> hosts = node.texts("redirectHosts", List.of());
    Optional<CallerConfig.Quota> quota = quota(node.section("quota"));
    node.finish();
    return node.build(() -> new CallerConfig(id, digests, hosts, quota), null);
  }

  private static Optional<CallerConfig.Quota> quota(ConfigNode node) {
    int requests = node.integer("requests", 0);
    Duration per = node.duration("per", Duration.ofSeconds(60));
    node.finish();
    // As for the partner's quota, 0 is none that is known.
    return requests == 0
        ? Optional.empty()
        : Optional.ofNullable(node.build(() -> new CallerConfig.Quota(requests, per), null));
  }

  private static Idempotency idempotency(ConfigNode node) {
    int maxEntries = node.integer("maxEntries", 100_000);
    node.finish();
    return node.build(() -> new Idempotency(maxEntries), null);
  }

  private static AuditConfig audit(ConfigNode node) {
    boolean enabled = node.flag("enabled", false);
    Secret key = node.secret("key", Secret.of(""));
    String file = node.text("file", "");
    node.finish();
    return node.build(() -> new AuditConfig(enabled, key, file), null);
  }

  private static TracingConfig tracing(ConfigNode node) {
    URI endpoint = node.uri("otlpEndpoint", null);
    double ratio = node.decimal("sampleRatio", 0.01);
    node.finish();
    return node.build(() -> new TracingConfig(endpoint, ratio), null);
  }

  private static int bounded(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }
}
