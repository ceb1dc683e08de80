package infopass.gateway.infopass;

import infopass.gateway.config.Authority;
import infopass.gateway.config.HostNames;
import infopass.gateway.config.Rules;
import infopass.gateway.config.Secret;
import io.vertx.core.net.ProxyOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How the partner is reached and how much is asked of it. Immutable; each part checks itself.
 *
 * @param baseUrl where Infopass is, without the API's path
 * @param username the gateway's own account; empty for none
 * @param password its password
 * @param userAgent the User-Agent that the partner sees
 * @param http2 whether HTTP/2 is offered (by ALPN, so with https only)
 * @param instances client instances; 0 is one per event loop
 */
public record InfopassConfig(
    URI baseUrl,
    String username,
    Secret password,
    String userAgent,
    boolean http2,
    int instances,
    Pool pool,
    Timeouts timeouts,
    Retry retry,
    Breaker circuitBreaker,
    Quota quota,
    Tls tls,
    Proxy proxy) {
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration LONGEST_PERIOD = Duration.ofDays(31);

  public InfopassConfig {
    String scheme = baseUrl.getScheme();
    boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    Rules.of("infopass")
        .check(
            http && baseUrl.getRawUserInfo() == null && Authority.of(baseUrl).isPresent(),
            "baseUrl",
            "must be an http or https URL with a host",
            baseUrl)
        .check(
            baseUrl.getRawQuery() == null
                && baseUrl.getRawFragment() == null
                && baseUrl.getRawUserInfo() == null,
            "baseUrl",
            "must not hold user-info, a query or a fragment",
            "one that does")
        .check(
            !String.valueOf(baseUrl.getPath()).contains(PartnerConnections.PATH),
            "baseUrl",
            "must not hold the path of init, which is put behind it",
            baseUrl)
        .check(
            username.chars().noneMatch(Character::isISOControl),
            "username",
            "must not hold control characters",
            "one that does")
        .check(username.indexOf(':') < 0, "username", "must not hold a colon", "one that does")
        .check(
            !userAgent.isBlank() && userAgent.chars().allMatch(c -> c >= 0x20 && c < 0x7f),
            "userAgent",
            "must be printable ASCII text",
            userAgent)
        .between("instances", instances, 0, 1024)
        .enforce();
  }

  /**
   * Bounds of the connection pool, all instances together, shared out evenly.
   *
   * @param size most calls in flight; on HTTP/1.1 each takes a connection
   * @param waitQueue most calls waiting for a place; beyond it they are refused
   * @param maxLifetime after which a connection is replaced, so that a change of address is
   *     followed
   */
  public record Pool(int size, int waitQueue, Duration maxLifetime) {
    public Pool {
      Rules.of("infopass.pool")
          .between("size", size, 1, 100_000)
          .between("waitQueue", waitQueue, 0, 1_000_000)
          .atLeast("maxLifetime", maxLifetime, Duration.ofSeconds(1))
          .atMost("maxLifetime", maxLifetime, LONGEST)
          .enforce();
    }
  }

  /**
   * How long is waited for what.
   *
   * @param connect a connection, TLS included
   * @param attempt one attempt, from the free place to the last byte of the answer
   * @param overall everything, from the request's arrival to its answer
   */
  public record Timeouts(Duration connect, Duration attempt, Duration overall) {
    public Timeouts {
      Rules.of("infopass.timeouts")
          .positive("connect", connect)
          .atMost("connect", connect, LONGEST)
          .positive("attempt", attempt)
          .atMost("attempt", attempt, LONGEST)
          .positive("overall", overall)
          .atMost("overall", overall, LONGEST)
          .enforce();
    }
  }

  /** Which failures are tried again. */
  public enum RetryOn {
    /** Only what the partner provably did not process. */
    SAFE,
    /** Also what it may have processed: 500, 502, 504 and lost connections. */
    TRANSIENT
  }

  /**
   * When and how often a failed attempt is repeated.
   *
   * @param maxAttempts most attempts in all; 1 is no retry
   * @param on which failures
   * @param initialBackoff upper bound of the first random pause; doubled for each further one
   * @param maxBackoff most that the upper bound grows to
   * @param budgetRatio retries earned per first attempt
   * @param budgetMinPerSecond retries allowed per second however little is going on
   */
  public record Retry(
      int maxAttempts,
      RetryOn on,
      Duration initialBackoff,
      Duration maxBackoff,
      double budgetRatio,
      int budgetMinPerSecond) {
    public Retry {
      Rules.of("infopass.retry")
          .between("maxAttempts", maxAttempts, 1, 10)
          .notNegative("backoff.initial", initialBackoff)
          .notNegative("backoff.max", maxBackoff)
          .atMost("backoff.max", maxBackoff, LONGEST)
          .check(
              maxBackoff.compareTo(initialBackoff) >= 0,
              "backoff.max",
              "must not be shorter than infopass.retry.backoff.initial",
              maxBackoff)
          .check(
              budgetRatio >= 0 && budgetRatio <= 1,
              "budget.ratio",
              "must be between 0 and 1",
              budgetRatio)
          .between("budget.minPerSecond", budgetMinPerSecond, 0, 1_000_000)
          .enforce();
    }
  }

  /**
   * When calls are held back.
   *
   * @param window how far back calls are counted
   * @param minimumCalls fewest calls in the window that are judged at all
   * @param failureRate share of failures at which it opens
   * @param slowCallRate share of slow calls at which it opens
   * @param slowCallDuration from when on a call is slow
   * @param openFor how long it stays open before one call probes
   */
  public record Breaker(
      Duration window,
      int minimumCalls,
      double failureRate,
      double slowCallRate,
      Duration slowCallDuration,
      Duration openFor) {
    public Breaker {
      Rules.of("infopass.circuitBreaker")
          .positive("window", window)
          .atMost("window", window, LONGEST)
          .between("minimumCalls", minimumCalls, 1, 1_000_000)
          .check(
              failureRate > 0 && failureRate <= 1,
              "failureRate",
              "must be above 0 and at most 1",
              failureRate)
          .check(
              slowCallRate > 0 && slowCallRate <= 1,
              "slowCallRate",
              "must be above 0 and at most 1",
              slowCallRate)
          .positive("slowCallDuration", slowCallDuration)
          .atMost("slowCallDuration", slowCallDuration, LONGEST)
          .positive("openFor", openFor)
          .atMost("openFor", openFor, LONGEST)
          .enforce();
    }
  }

  /**
   * What the partner allows.
   *
   * @param requests per period; 0 is unknown
   * @param per the period
   */
  public record Quota(int requests, Duration per) {
    public Quota {
      Rules.of("infopass.quota")
          .between("requests", requests, 0, 100_000_000)
          .positive("per", per)
          .atMost("per", per, LONGEST_PERIOD)
          .enforce();
    }
  }

  /**
   * The proxy on the way to the partner.
   *
   * @param host empty for none
   * @param username empty where it wants no credentials
   * @param nonProxyHosts hosts that are reached without it, exact or {@code *.suffix}
   */
  public record Proxy(
      String host,
      int port,
      ProxyType type,
      String username,
      Secret password,
      List<String> nonProxyHosts) {
    /** The way is direct. */
    public static final Proxy NONE =
        new Proxy("", 3128, ProxyType.HTTP, "", Secret.of(""), List.of());

    public Proxy {
      nonProxyHosts = List.copyOf(nonProxyHosts);
      Rules.of("infopass.proxy")
          .check(
              host.isEmpty() || HostNames.toAscii(host).isPresent() || host.indexOf(':') >= 0,
              "host",
              "must be a host name or an address",
              host)
          .between("port", port, 1, 65_535)
          .check(
              username.indexOf(':') < 0 && username.chars().noneMatch(Character::isISOControl),
              "username",
              "must hold neither a colon nor control characters",
              "one that does")
          .enforce();
    }

    /** Whether a host is reached through it. */
    public boolean takes(String target) {
      return !host.isEmpty()
          && nonProxyHosts.stream()
              .map(pattern -> pattern.toLowerCase(Locale.ROOT))
              .noneMatch(
                  pattern ->
                      pattern.equals(target)
                          || pattern.startsWith("*") && target.endsWith(pattern.substring(1)));
    }

    ProxyOptions options() {
      ProxyOptions options =
          new ProxyOptions()
              .setHost(host)
              .setPort(port)
              .setType(
                  type == ProxyType.SOCKS5
                      ? io.vertx.core.net.ProxyType.SOCKS5
                      : io.vertx.core.net.ProxyType.HTTP);
      return username.isEmpty()
          ? options
          : options.setUsername(username).setPassword(password.reveal());
    }
  }

  /** How the proxy is spoken to. */
  public enum ProxyType {
    HTTP,
    SOCKS5
  }

  /**
   * Whom to trust beyond the system's certificate authorities.
   *
   * @param trustCertificates PEM files
   */
  public record Tls(List<String> trustCertificates) {
    public Tls {
      trustCertificates = List.copyOf(trustCertificates);
    }
  }
}
