package infopass.gateway;

import infopass.gateway.audit.AuditConfig;
import infopass.gateway.callers.AuthConfig;
import infopass.gateway.cluster.ClusterConfig;
import infopass.gateway.config.Rules;
import infopass.gateway.countdown.CountdownConfig;
import infopass.gateway.http.AllowedHosts;
import infopass.gateway.http.HttpConfig;
import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.infopass.TokenConfig;
import infopass.gateway.intake.InitConfig;
import infopass.gateway.tracing.TracingConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Everything an operator can set, checked. Immutable. */
public record GatewayConfig(
    HttpConfig http,
    Management management,
    InfopassConfig infopass,
    AuthConfig auth,
    InitConfig init,
    Idempotency idempotency,
    Admission admission,
    CountdownConfig countdown,
    TokenConfig token,
    boolean uiEnabled,
    AuditConfig audit,
    Shutdown shutdown,
    Logs logging,
    TracingConfig tracing,
    ClusterConfig cluster) {

  /** The same, with another partner. */
  GatewayConfig sendingTo(URI partner) {
    InfopassConfig i = infopass;
    InfopassConfig elsewhere =
        new InfopassConfig(
            partner,
            i.username(),
            i.password(),
            i.userAgent(),
            i.http2(),
            i.instances(),
            i.pool(),
            i.timeouts(),
            i.retry(),
            i.circuitBreaker(),
            i.quota(),
            i.tls(),
            i.proxy());
    return new GatewayConfig(
        http,
        management,
        elsewhere,
        auth,
        init,
        idempotency,
        admission,
        countdown,
        token,
        uiEnabled,
        audit,
        shutdown,
        logging,
        tracing,
        cluster);
  }

  /** The same, with what of another configuration can be taken into use without a restart. */
  GatewayConfig takingOver(GatewayConfig next) {
    InfopassConfig i = infopass;
    InfopassConfig n = next.infopass;
    InfopassConfig partner =
        new InfopassConfig(
            i.baseUrl(),
            n.username(),
            n.password(),
            i.userAgent(),
            i.http2(),
            i.instances(),
            i.pool(),
            i.timeouts(),
            i.retry(),
            i.circuitBreaker(),
            n.quota(),
            i.tls(),
            i.proxy());
    CountdownConfig watch =
        new CountdownConfig(
            countdown.expiringAt(),
            next.countdown.signingKeys(),
            countdown.maxStreams(),
            countdown.maxSessions());
    return new GatewayConfig(
        http,
        management,
        partner,
        next.auth,
        next.init,
        idempotency,
        new Admission(next.admission.maxInFlight(), admission.maxWaiting()),
        watch,
        token,
        uiEnabled,
        audit,
        next.shutdown,
        new Logs(logging.format(), next.logging.level(), logging.accessLog()),
        tracing,
        cluster);
  }

  /**
   * The listener for operators.
   *
   * @param host address to listen on
   * @param port 0 is any free port
   * @param hosts names that requests may be addressed to, beside {@code host}
   */
  public record Management(String host, int port, List<String> hosts) {
    private static final int MOST_HOSTS = 100;

    public Management {
      // One element may hold several, as an environment variable does; an empty one holds none.
      hosts =
          hosts.stream()
              .flatMap(names -> Stream.of(names.split(",")))
              .map(String::strip)
              .filter(name -> !name.isEmpty())
              .toList();
      Rules.of("management")
          .notBlank("host", host)
          .between("port", port, 0, 65_535)
          .check(hosts.size() <= MOST_HOSTS, "hosts", "must be at most 100", hosts.size())
          .check(
              hosts.stream().allMatch(name -> name.matches("[A-Za-z0-9._-]{1,253}")),
              "hosts",
              "must be host names without a port",
              hosts)
          .enforce();
    }

    /** What requests may be addressed to: no name that another site can point here. */
    AllowedHosts allowedHosts() {
      return AllowedHosts.literalsAnd(Stream.concat(Stream.of(host), hosts.stream()).toList());
    }
  }

  /**
   * What is kept of requests with an Idempotency-Key.
   *
   * @param maxEntries most remembered answers
   */
  public record Idempotency(int maxEntries) {
    public Idempotency {
      Rules.of("idempotency").between("maxEntries", maxEntries, 1, 10_000_000).enforce();
    }
  }

  /**
   * How much is worked on at once.
   *
   * @param maxInFlight most requests in flight
   * @param maxWaiting most requests waiting for the partner's quota
   */
  public record Admission(int maxInFlight, int maxWaiting) {
    public Admission {
      Rules.of("admission")
          .between("maxInFlight", maxInFlight, 1, 10_000_000)
          .between("maxWaiting", maxWaiting, 0, 10_000_000)
          .enforce();
    }
  }

  /**
   * How the process stops.
   *
   * @param drainDelay how long it goes on answering after it was told to stop
   * @param grace how long it then finishes what is in flight
   */
  public record Shutdown(Duration drainDelay, Duration grace) {
    private static final Duration LONGEST = Duration.ofHours(24);

    public Shutdown {
      Rules.of("shutdown")
          .notNegative("drainDelay", drainDelay)
          .atMost("drainDelay", drainDelay, LONGEST)
          .positive("grace", grace)
          .atMost("grace", grace, LONGEST)
          .enforce();
    }
  }

  /** The shape of a log line. */
  public enum LogFormat {
    JSON,
    TEXT
  }

  /** The least important line that is written. */
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /** Which answered requests are logged. */
  public enum AccessLogMode {
    OFF,
    SAMPLED
  }

  /** What is logged and how. */
  public record Logs(LogFormat format, LogLevel level, AccessLogMode accessLog) {}
}
