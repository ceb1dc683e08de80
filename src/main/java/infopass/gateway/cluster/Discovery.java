package infopass.gateway.cluster;

import java.util.stream.Collectors;

/**
 * The network side of the cluster as Infinispan reads it: its own stack over TCP, with what finds
 * the nodes, and with failure detection that tells of a lost machine within four seconds.
 */
final class Discovery {
  static final String STACK = "gateway";

  private Discovery() {}

  /**
   * @param node what this process is called; unique among all that ever were
   */
  static String xml(ClusterConfig config, String node) {
    return """
        <infinispan xmlns="urn:infinispan:config:15.2">
          <jgroups>
            <stack name="%s" extends="tcp">
              <TCP bind_addr="%s" bind_port="%s" port_range="0" diag.enabled="false"
                   non_blocking_sends="true"
                   thread_naming_pattern="pl" stack.combine="COMBINE"/>
              %s
              <MERGE3 min_interval="1000" max_interval="4000" stack.combine="COMBINE"/>
              <FD_SOCK2 bind_addr="%s" offset="1" port_range="0" stack.combine="COMBINE"/>
              <FD_ALL3 interval="500" timeout="3000" stack.combine="COMBINE"/>
              <VERIFY_SUSPECT2 timeout="500" stack.combine="COMBINE"/>
            </stack>
          </jgroups>
          <cache-container shutdown-hook="DONT_REGISTER">
            <transport stack="%s" cluster="%s" node-name="%s"/>
          </cache-container>
        </infinispan>
        """
        .formatted(
            STACK,
            config.host(),
            config.port(),
            seek(config),
            config.host(),
            STACK,
            config.name(),
            node);
  }

  private static String seek(ClusterConfig config) {
    if (!config.dnsQuery().isEmpty()) {
      return """
          <dns.DNS_PING dns_query="%s" num_discovery_runs="3"
                        stack.combine="REPLACE" stack.position="MPING"/>"""
          .formatted(config.dnsQuery());
    }
    String hosts =
        config.hosts().stream()
            .map(at -> at.replaceFirst(":([0-9]+)$", "[$1]"))
            .collect(Collectors.joining(","));
    return """
        <TCPPING initial_hosts="%s" port_range="0" num_discovery_runs="3"
                 stack.combine="REPLACE" stack.position="MPING"/>"""
        .formatted(hosts);
  }
}
