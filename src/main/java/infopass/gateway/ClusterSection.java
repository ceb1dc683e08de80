package infopass.gateway;

import infopass.gateway.cluster.ClusterConfig;
import infopass.gateway.cluster.ClusterConfig.Role;
import infopass.gateway.cluster.ClusterConfig.StoreFailure;
import infopass.gateway.config.ConfigNode;
import infopass.gateway.config.Faults;
import infopass.gateway.config.Secret;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Reads the section {@code cluster}. */
final class ClusterSection {
  private final Faults faults;

  ClusterSection(Faults faults) {
    this.faults = faults;
  }

  /** The fallback of a faulty section is null: its faults have been told. */
  ClusterConfig read(ConfigNode node) {
    boolean enabled = node.flag("enabled", false);
    Set<Role> roles = node.choices("roles", Role.class, EnumSet.allOf(Role.class));
    String name = node.text("name", "infopass-gateway");
    String host = node.text("host", "127.0.0.1");
    int port = node.integer("port", 7800);
    ClusterConfig.EventBus eventBus = eventBus(node.section("eventBus"));
    List<String> hosts = node.texts("hosts", List.of());
    String dnsQuery = node.text("dnsQuery", "");
    Secret secret = node.secret("secret", Secret.of(""));
    ClusterConfig.Tls tls = tls(node.section("tls"), enabled);
    boolean insecure = node.flag("insecure", false);
    Duration storeTimeout = node.duration("storeTimeout", Duration.ofMillis(200));
    StoreFailure failure = node.choice("storeFailure", StoreFailure.class, StoreFailure.CLOSED);
    node.finish();
    return node.build(
        () ->
            new ClusterConfig(
                enabled,
                roles,
                name,
                host,
                port,
                eventBus,
                hosts,
                dnsQuery,
                secret,
                tls,
                insecure,
                storeTimeout,
                failure),
        null);
  }

  private static ClusterConfig.EventBus eventBus(ConfigNode node) {
    String host = node.text("host", "");
    int port = node.integer("port", 7802);
    String publicHost = node.text("publicHost", "");
    node.finish();
    return node.build(() -> new ClusterConfig.EventBus(host, port, publicHost), null);
  }

  private ClusterConfig.Tls tls(ConfigNode node, boolean enabled) {
    String certificate = node.text("certificate", "");
    String key = node.text("key", "");
    String authority = node.text("authority", "");
    node.finish();
    if (enabled) {
      TlsFiles.faults(certificate, key, authority)
          .forEach(
              (setting, fault) ->
                  faults.add(
                      node.path() + '.' + (setting.equals("clientCa") ? "authority" : setting),
                      fault));
    }
    return node.build(() -> new ClusterConfig.Tls(certificate, key, authority), null);
  }
}
