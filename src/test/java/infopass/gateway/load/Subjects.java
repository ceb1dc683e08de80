package infopass.gateway.load;

import infopass.gateway.FreePort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Starts what is measured, each in a process of its own on the core of the relay. */
final class Subjects {
  private final Settings settings;
  private final Cores cores;
  private final Nginx nginx;

  Subjects(Settings settings, Cores cores) {
    this.settings = settings;
    this.cores = cores;
    this.nginx = new Nginx(settings, cores);
  }

  /** All that take a request and pass it on, the gateway last. */
  List<Function<Partner, Subject>> relays() {
    List<Function<Partner, Subject>> relays = new ArrayList<>();
    if (Nginx.program().isPresent()) {
      relays.add(nginx::plain);
    }
    if (Nginx.hasLua()) {
      relays.add(nginx::lua);
    }
    relays.add(this::bare);
    settings.peer().ifPresent(peer -> relays.add(partner -> peer(peer, partner)));
    relays.add(partner -> gateway(partner, ""));
    return relays;
  }

  /** The partner itself, and all relays. */
  List<Function<Partner, Subject>> directAndRelays() {
    List<Function<Partner, Subject>> all = new ArrayList<>(relays());
    all.add(0, partner -> Subject.direct(partner.address()));
    return all;
  }

  /** Those that do nothing else. */
  List<Function<Partner, Subject>> plainRelays() {
    return Nginx.program().isPresent() ? List.of(nginx::plain, this::bare) : List.of(this::bare);
  }

  /** The gateway alone, and as the first node of a cluster. */
  List<Function<Partner, Subject>> clusterOffAndOn() {
    return List.of(partner -> gateway(partner, ""), this::node);
  }

  /** The gateway as an operator runs it: its jar, its configuration file. */
  Subject gateway(Partner partner, String yaml) {
    return gateway(Subject.GATEWAY, partner, yaml, "");
  }

  /** A node that talks to others, of which there are none. */
  private Subject node(Partner partner) {
    String cluster =
        """
        cluster:
          enabled: true
          host: 127.0.0.1
          port: %1$s
          eventBus: {port: 0}
          hosts: ['127.0.0.1:%1$s']
          secret: a secret of the load test, of no use elsewhere
          insecure: true
        """
            .formatted(FreePort.pairs(1).get(0));
    return gateway(Subject.NODE, partner, "", cluster);
  }

  private Subject gateway(String name, Partner partner, String yaml, String sections) {
    int port = Child.freePort();
    int management = Child.freePort();
    String config =
        "http: {host: 127.0.0.1, port: %s}%nmanagement: {port: %s}%n".formatted(port, management)
            + "infopass: {baseUrl: '%s'%s%s}%n"
                .formatted(
                    partner.url(),
                    partner.certificate() == null
                        ? ""
                        : ", tls: {trustCertificates: ['" + partner.certificate() + "']}",
                    yaml)
            + sections;
    String id = name.replaceAll("\\W+", "-");
    Path file = settings.write(id + ".yaml", config);
    List<String> command = new ArrayList<>(cores.ofRelay());
    command.addAll(settings.javaCommand());
    command.addAll(settings.gatewayFlags());
    command.addAll(List.of("-jar", settings.jar().toString(), "--conf", file.toString()));
    Child child = Child.start(settings.file(id + ".log"), command, port);
    return new Subject(name, child.address(), Optional.of(child), management);
  }

  /** Another gateway, brought along. */
  private Subject peer(Settings.Peer peer, Partner partner) {
    int port = Child.freePort();
    List<String> command = new ArrayList<>(cores.ofRelay());
    command.addAll(peer.command(port, partner.url()));
    Child child = Child.start(settings.file("peer.log"), command, port);
    return new Subject(peer.name(), child.address(), Optional.of(child), 0);
  }

  /** A Vert.x server and client that pass everything on. */
  Subject bare(Partner partner) {
    int port = Child.freePort();
    List<String> command = new ArrayList<>(cores.ofRelay());
    command.addAll(settings.javaCommand());
    command.addAll(settings.gatewayFlags());
    command.addAll(
        List.of(
            "-Dio.netty.leakDetection.level=disabled",
            "-cp",
            System.getProperty("java.class.path"),
            BareRelay.class.getName(),
            Integer.toString(port),
            partner.url()));
    if (partner.certificate() != null) {
      command.add(partner.certificate().toString());
    }
    Child child = Child.start(settings.file("bare.log"), command, port);
    return new Subject(Subject.BARE, child.address(), Optional.of(child), 0);
  }
}
