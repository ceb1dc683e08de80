package infopass.gateway;

import infopass.gateway.config.ConfigNode;
import infopass.gateway.config.Faults;
import infopass.gateway.config.Secret;
import infopass.gateway.infopass.ExtraTrust;
import infopass.gateway.infopass.InfopassConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Reads the section {@code infopass}. */
final class InfopassSection {
  private final Faults faults;
  private final Map<String, String> environment;
  private final boolean sandbox;

  /**
   * @param environment has the account that is used where no file names one
   * @param sandbox whether the built-in partner is used, which changes some defaults
   */
  InfopassSection(Faults faults, Map<String, String> environment, boolean sandbox) {
    this.faults = faults;
    this.environment = environment;
    this.sandbox = sandbox;
  }

  /** The fallback of a faulty section is null: its faults have been told. */
  InfopassConfig read(ConfigNode node) {
    URI baseUrl = node.uri("baseUrl", URI.create("https://infopass.in"));
    boolean named = node.has("username") || node.has("password");
    String username = node.text("username", account(named, "INFOPASS_USERNAME"));
    Secret password = node.secret("password", Secret.of(account(named, "INFOPASS_PASSWORD")));
    String userAgent = node.text("userAgent", "infopass-gateway");
    boolean http2 = node.flag("http2", false);
    int instances = node.integer("instances", 0);
    InfopassConfig.Pool pool = pool(node.section("pool"));
    InfopassConfig.Timeouts timeouts = timeouts(node.section("timeouts"));
    InfopassConfig.Retry retry = retry(node.section("retry"));
    InfopassConfig.Breaker breaker = breaker(node.section("circuitBreaker"));
    InfopassConfig.Quota quota = quota(node.section("quota"));
    InfopassConfig.Tls tls = infopassTls(node.section("tls"));
    InfopassConfig.Proxy proxy = proxy(node.section("proxy"));
    node.finish();
    return node.build(
        () ->
            new InfopassConfig(
                baseUrl, username, password, userAgent, http2, instances, pool, timeouts, retry,
                breaker, quota, tls, proxy),
        null);
  }

  /**
   * As the delivered file has it, which a file of one's own need not repeat; but no file's name
   * with another account's password.
   */
  private String account(boolean named, String variable) {
    String value =
        named ? "" : environment.getOrDefault(variable, "").replaceFirst("[\\r\\n]+$", "");
    return value.isEmpty() && sandbox ? "sandbox" : value;
  }

  private static InfopassConfig.Pool pool(ConfigNode node) {
    int size = node.integer("size", 128);
    int waitQueue = node.integer("waitQueue", 128);
    Duration maxLifetime = node.duration("maxLifetime", Duration.ofMinutes(10));
    node.finish();
    return node.build(() -> new InfopassConfig.Pool(size, waitQueue, maxLifetime), null);
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

  private static InfopassConfig.Quota quota(ConfigNode node) {
    int requests = node.integer("requests", 0);
    Duration per = node.duration("per", Duration.ofSeconds(60));
    node.finish();
    return node.build(() -> new InfopassConfig.Quota(requests, per), null);
  }

  private static InfopassConfig.Proxy proxy(ConfigNode node) {
    InfopassConfig.Proxy none = InfopassConfig.Proxy.NONE;
    String host = node.text("host", none.host());
    int port = node.integer("port", none.port());
    InfopassConfig.ProxyType type =
        node.choice("type", InfopassConfig.ProxyType.class, none.type());
    String username = node.text("username", none.username());
    Secret password = node.secret("password", none.password());
    List<String> nonProxyHosts = node.texts("nonProxyHosts", none.nonProxyHosts());
    node.finish();
    return node.build(
        () -> new InfopassConfig.Proxy(host, port, type, username, password, nonProxyHosts), null);
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
}
