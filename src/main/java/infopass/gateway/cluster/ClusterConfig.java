package infopass.gateway.cluster;

import infopass.gateway.config.Rules;
import infopass.gateway.config.Secret;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether and how this process works together with others. Immutable; checks itself.
 *
 * @param enabled whether it does
 * @param roles what this node does
 * @param name nodes of one name find each other
 * @param host address at which the other nodes reach this one
 * @param port of the cluster's own traffic; the next one up watches over the connections
 * @param eventBus where the other nodes' event buses reach this one's
 * @param hosts {@code host:port} of nodes to look for
 * @param dnsQuery a name that resolves to the nodes' addresses
 * @param secret what all nodes know: keys are made of it; 32 characters or more
 * @param tls who may take part; not set: anybody who can reach the ports
 * @param insecure whether to do without TLS beyond this machine
 * @param storeTimeout longest wait for the shared memory of requests with a key
 * @param storeFailure what becomes of such requests when it does not answer
 */
public record ClusterConfig(
    boolean enabled,
    Set<Role> roles,
    String name,
    String host,
    int port,
    EventBus eventBus,
    List<String> hosts,
    String dnsQuery,
    Secret secret,
    Tls tls,
    boolean insecure,
    Duration storeTimeout,
    StoreFailure storeFailure) {

  /** What a node does. */
  public enum Role {
    /** Takes requests, by HTTP and on the event bus. */
    HTTP,
    /** Calls Infopass. */
    INFOPASS
  }

  /** What becomes of requests with a key when the shared memory does not answer. */
  public enum StoreFailure {
    /** They are refused: a second link for one request is worse than none. */
    CLOSED,
    /** They are served, and repetitions on other nodes can make another call. */
    OPEN
  }

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{1,253}");
  private static final Pattern HOST_AND_PORT = Pattern.compile("[A-Za-z0-9._-]{1,253}:[0-9]{1,5}");
  private static final int SECRET_CHARS = 32;

  public ClusterConfig {
    roles = Collections.unmodifiableSet(new LinkedHashSet<>(roles));
    hosts = List.copyOf(hosts);
    Rules rules =
        Rules.of("cluster")
            .notEmpty("roles", roles)
            .check(
                NAME.matcher(name).matches(),
                "name",
                "must be 1 to 64 letters, digits, dots, underscores or dashes",
                name)
            .check(HOST.matcher(host).matches(), "host", "must be an address or a host name", host)
            .between("port", port, 1, 65_534)
            .check(
                hosts.stream().allMatch(at -> HOST_AND_PORT.matcher(at).matches()),
                "hosts",
                "must be a list of host:port")
            .check(
                dnsQuery.isEmpty() || HOST.matcher(dnsQuery).matches(),
                "dnsQuery",
                "must be a host name",
                dnsQuery)
            .positive("storeTimeout", storeTimeout)
            .atMost("storeTimeout", storeTimeout, Duration.ofSeconds(10));
    if (enabled) {
      rules
          .check(
              hosts.isEmpty() != dnsQuery.isEmpty(),
              "hosts",
              "must be set where cluster.enabled is true, or cluster.dnsQuery, and not both")
          .check(
              secret.reveal().length() >= SECRET_CHARS,
              "secret",
              "must have at least 32 characters where cluster.enabled is true")
          .check(
              eventBus.port() == 0 || eventBus.port() != port && eventBus.port() != port + 1,
              "eventBus.port",
              "must be neither cluster.port nor the next one",
              eventBus.port())
          .check(
              tls.complete() || insecure || loopback(host) && eventBus.loopback(),
              "tls",
              "must be set, since other machines could take part; or set cluster.insecure");
    }
    rules.enforce();
  }

  /**
   * Where the other nodes' event buses reach this one's.
   *
   * @param host address to listen on; empty for that of the cluster
   * @param port 0 is any free one
   * @param publicHost what the others are told in its place; empty for the same
   */
  public record EventBus(String host, int port, String publicHost) {
    public EventBus {
      Rules.of("cluster.eventBus")
          .check(
              host.isEmpty() || HOST.matcher(host).matches(),
              "host",
              "must be an address or a host name",
              host)
          .between("port", port, 0, 65_535)
          .check(
              publicHost.isEmpty() || HOST.matcher(publicHost).matches(),
              "publicHost",
              "must be an address or a host name",
              publicHost)
          .enforce();
    }

    private boolean loopback() {
      return host.isEmpty() || ClusterConfig.loopback(host);
    }
  }

  /**
   * Files of the cluster's own certificates: every node shows one, and believes those of one
   * authority.
   *
   * @param certificate PEM chain
   * @param key PEM private key
   * @param authority PEM certificates that every node's must come from
   */
  public record Tls(String certificate, String key, String authority) {
    public Tls {
      boolean none = certificate.isEmpty() && key.isEmpty() && authority.isEmpty();
      boolean all = !certificate.isEmpty() && !key.isEmpty() && !authority.isEmpty();
      Rules.of("cluster.tls")
          .check(none || all, "certificate", "must be set together with key and authority")
          .enforce();
    }

    boolean complete() {
      return !certificate.isEmpty();
    }
  }

  public boolean has(Role role) {
    return roles.contains(role);
  }

  private static boolean loopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }
}
