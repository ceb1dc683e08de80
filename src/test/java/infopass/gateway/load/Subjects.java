package infopass.gateway.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts what is measured, each in a process of its own on the core of the relay. */
final class Subjects {
  private static final List<Path> NGINX =
      List.of(Path.of("/usr/sbin/nginx"), Path.of("/usr/local/sbin/nginx"));

  private final Settings settings;
  private final Cores cores;

  Subjects(Settings settings, Cores cores) {
    this.settings = settings;
    this.cores = cores;
  }

  /** Where nginx is; empty where it is not installed. */
  static Optional<Path> nginx() {
    return NGINX.stream().filter(Files::isExecutable).findFirst();
  }

  /** The gateway as an operator runs it: its jar, its configuration file. */
  Subject gateway(Partner partner, String yaml) {
    int port = Child.freePort();
    int management = Child.freePort();
    String config =
        "http: {host: 127.0.0.1, port: %d}%nmanagement: {port: %d}%n".formatted(port, management)
            + "infopass: {baseUrl: '%s'%s%s}%n"
                .formatted(
                    partner.url(),
                    partner.certificate() == null
                        ? ""
                        : ", tls: {trustCertificates: ['" + partner.certificate() + "']}",
                    yaml);
    Path file = settings.write("gateway.yaml", config);
    List<String> command = new ArrayList<>(cores.ofRelay());
    command.addAll(settings.javaCommand());
    command.addAll(settings.gatewayFlags());
    command.addAll(List.of("-jar", settings.jar().toString(), "--conf", file.toString()));
    Child child = Child.start(settings.file("gateway.log"), command, port);
    return new Subject(Subject.GATEWAY, child.address(), Optional.of(child), management);
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

  /** nginx as a plain reverse proxy with kept connections, in one process. */
  Subject nginx(Path program, Partner partner) {
    int port = Child.freePort();
    Path folder = settings.file("nginx");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String scheme = partner.certificate() == null ? "http" : "https";
    String config =
        """
        daemon off; master_process off; worker_processes 1;
        pid %1$s/pid; error_log %1$s/error.log;
        events { worker_connections 4096; }
        http {
          access_log off; keepalive_requests 1000000000;
          client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi; uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
          upstream partner {
            server 127.0.0.1:%2$d; keepalive 128; keepalive_requests 1000000000;
          }
          server {
            listen 127.0.0.1:%3$d;
            location / {
              proxy_pass %4$s://partner; proxy_http_version 1.1; proxy_set_header Connection "";
            }
          }
        }
        """
            .formatted(folder, partner.port(), port, scheme);
    Path file = settings.write("nginx.conf", config);
    List<String> command = new ArrayList<>(cores.ofRelay());
    command.addAll(List.of(program.toString(), "-c", file.toString()));
    Child child = Child.start(settings.file("nginx.log"), command, port);
    return new Subject(Subject.NGINX, child.address(), Optional.of(child), 0);
  }
}
