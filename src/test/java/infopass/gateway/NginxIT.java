package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The configuration of nginx that operators are given, with nginx itself. */
@Timeout(120)
class NginxIT {
  private static final Path NGINX = Path.of("/usr/sbin/nginx");
  private static final Path GIVEN = Path.of("conf/proxies/nginx.conf");

  @TempDir private Path folder;
  private RunningGateway gateway;
  private java.lang.Process nginx;
  private int port;
  private int bare;

  @BeforeEach
  void start() throws Exception {
    if (!Files.isExecutable(NGINX)) {
      String missing = "NginxIT: no nginx installed in /usr/sbin";
      System.out.println(missing + "; NOTHING BEHIND A PROXY WAS TESTED");
      if ("true".equals(System.getenv("CI"))) {
        fail(missing);
      }
      Assumptions.abort(missing);
    }
    gateway = RunningGateway.start("http: {host: 127.0.0.1, port: 0, trustedProxies: [127.0.0.1]}");
    port = FreePort.find();
    bare = FreePort.find();
    String given =
        Files.readString(GIVEN)
            .replace("listen 80;", "listen 127.0.0.1:" + port + ";")
            .replace("server 127.0.0.1:8080;", "server 127.0.0.1:" + gateway.port() + ";");
    String whole =
        "daemon off; pid nginx.pid; error_log stderr; events {}\nhttp {\n  access_log off;\n"
            + "  client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c;"
            + " uwsgi_temp_path d; scgi_temp_path e;\n"
            + given
            + "\nserver { listen 127.0.0.1:"
            + bare
            + "; location / { proxy_pass http://127.0.0.1:"
            + gateway.port()
            + "; } }\n}\n";
    Files.writeString(folder.resolve("nginx.conf"), whole);
    nginx =
        new ProcessBuilder(NGINX.toString(), "-p", folder.toString(), "-c", "nginx.conf")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!answers()) {
      assertTrue(nginx.isAlive() && System.nanoTime() < end, this::said);
    }
  }

  private String said() {
    try {
      return Files.readString(folder.resolve("out"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private boolean answers() {
    try {
      return gateway.sendAsync(HttpRequest.newBuilder(at(port, "/problems"))).get().statusCode()
          == 200;
    } catch (Exception notYet) {
      return false;
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (nginx != null) {
      nginx.destroy();
      nginx.waitFor(30, TimeUnit.SECONDS);
    }
    if (gateway != null) {
      gateway.close();
    }
  }

  private static URI at(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private HttpResponse<String> init(int through, String name) {
    return gateway.send(
        HttpRequest.newBuilder(at(through, RunningGateway.INIT))
            .header("Authorization", RunningGateway.basic("user", "pass"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(RunningGateway.body(name))));
  }

  private String countdown(int through) {
    HttpResponse<String> init = init(through, "Expiry 3");
    assertEquals(200, init.statusCode(), init.body());
    return RunningGateway.json(init).getJsonObject("countdown").getString("url");
  }

  @Test
  void initsEventsAndWebSocketsPass() {
    // Inits
    Problems.check(init(port, "Reject 0x0422"), 422, "upstream-rejected");
    String link = countdown(port);

    // Events
    HttpResponse<String> events =
        gateway.send(HttpRequest.newBuilder(at(port, link)).header("Accept", "text/event-stream"));
    assertTrue(events.body().contains("event: expired"), events.body());

    // WebSockets
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI(countdown(port))
            .addHeader("Origin", "http://127.0.0.1:" + port);
    WebSocket socket =
        RunningGateway.await(gateway.vertx().createWebSocketClient().connect(options));
    RunningGateway.await(socket.close());
  }

  @Test
  void eventsPassABareProxyToo() {
    HttpResponse<String> events =
        gateway.send(
            HttpRequest.newBuilder(at(bare, countdown(bare)))
                .header("Accept", "text/event-stream"));
    assertTrue(events.body().contains("event: countdown"), events.body());
    assertTrue(events.body().contains("event: expired"), events.body());
  }
}
