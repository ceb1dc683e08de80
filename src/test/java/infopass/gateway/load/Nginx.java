package infopass.gateway.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** nginx in one process with kept connections, where it is installed. */
final class Nginx {
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/nginx"), Path.of("/usr/local/sbin/nginx"));
  private static final Path KIT = Path.of("/usr/lib/nginx/modules/ndk_http_module.so");
  private static final Path LUA = Path.of("/usr/lib/nginx/modules/ngx_http_lua_module.so");
  private static final List<Path> CJSON =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/lua/5.1/cjson.so"),
          Path.of("/usr/lib/aarch64-linux-gnu/lua/5.1/cjson.so"));

  private static final String CONFIG =
      """
      daemon off; master_process off; worker_processes 1;
      pid %1$s/pid; error_log %1$s/error.log;
      %2$s
      events { worker_connections 4096; }
      http {
        access_log off; keepalive_requests 1000000000; client_body_buffer_size 16k;
        client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy;
        fastcgi_temp_path %1$s/fastcgi; uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
        upstream partner {
          server 127.0.0.1:%3$s; keepalive 128; keepalive_requests 1000000000;
        }
        server {
          listen 127.0.0.1:%4$s;
          proxy_http_version 1.1; proxy_set_header Connection "";
          %5$s
        }
      }
      """;

  private final Settings settings;
  private final Cores cores;

  Nginx(Settings settings, Cores cores) {
    this.settings = settings;
    this.cores = cores;
  }

  static Optional<Path> program() {
    return PROGRAMS.stream().filter(Files::isExecutable).findFirst();
  }

  static boolean hasLua() {
    return program().isPresent()
        && Files.exists(KIT)
        && Files.exists(LUA)
        && CJSON.stream().anyMatch(Files::exists);
  }

  /** As a plain reverse proxy. */
  Subject plain(Partner partner) {
    return start(
        Subject.NGINX,
        partner,
        "",
        "location / { proxy_pass %s://partner; }".formatted(scheme(partner)));
  }

  /** With work on JSON done in Lua: checked, two fields added, a link signed; no token is read. */
  Subject lua(Partner partner) {
    Path script;
    try (InputStream in = Nginx.class.getResourceAsStream("init.lua")) {
      script = settings.write("init.lua", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return start(
        Subject.NGINX_LUA,
        partner,
        "load_module %s; load_module %s;".formatted(KIT, LUA),
        """
        location / { content_by_lua_file %s; }
        location = /partner { internal; proxy_pass %s://partner/api/v1/in/digilocker/init; }
        """
            .formatted(script, scheme(partner)));
  }

  private static String scheme(Partner partner) {
    return partner.certificate() == null ? "http" : "https";
  }

  private Subject start(String name, Partner partner, String modules, String locations) {
    int port = Child.freePort();
    String id = name.replaceAll("\\W+", "-");
    Path folder = settings.file(id);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String config = CONFIG.formatted(folder, modules, partner.port(), port, locations);
    Path file = settings.write(id + ".conf", config);
    List<String> command = new ArrayList<>(cores.ofRelay());
    command.addAll(List.of(program().orElseThrow().toString(), "-c", file.toString()));
    Child child = Child.start(settings.file(id + ".log"), command, port);
    return new Subject(name, child.address(), Optional.of(child), 0);
  }
}
