package infopass.gateway;

import infopass.gateway.config.ConfigSource;
import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * A short life on this machine alone: starts gateway and sandbox, sends inits, stops. What the
 * virtual machine learns of it can be kept in an AOT cache, with which later starts are faster.
 */
@Command(
    name = "train",
    description = "Start with the sandbox, send some inits, and stop: for making an AOT cache.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class TrainCommand implements Callable<Integer> {
  private static final int INITS = 1_000;
  private static final long PATIENCE_SECONDS = 120;
  private static final String BODY =
      "{\"name\":\"Asha Rao\",\"email\":\"asha@example.in\",\"mobile\":\"9650000986\","
          + "\"redirectUrl\":\"https://shop.example/back\",\"state\":\"Uttar Pradesh\"}";

  @Spec private CommandSpec spec;

  @ParentCommand private Main main;

  @Override
  public Integer call() throws Exception {
    main.takesNoOptionsBefore(spec);
    Map<String, String> freePorts =
        Map.of("HTTP_HOST", "127.0.0.1", "HTTP_PORT", "0", "MANAGEMENT_PORT", "0");
    GatewayConfig config =
        ConfigLoader.load(
            ConfigSource.text("gateway.yaml of the jar", Main.builtIn()), freePorts, true);
    Logging.configure(config.logging());
    Vertx vertx = Main.vertx();
    Sandbox partner = await(new Sandbox(vertx, SandboxOptions.defaults()).start());
    Gateway gateway =
        new Gateway(
            config.sendingTo(partner.baseUri()),
            vertx,
            Surroundings.system(),
            Main.eventLoops(),
            Optional.empty());
    await(gateway.start());
    // Closed here, and so held until then: Vert.x closes one that nothing refers to.
    HttpClient client = vertx.createHttpClient();
    try {
      await(send(client, gateway, INITS));
    } finally {
      await(client.close());
      await(gateway.stop());
    }
    return Main.STOPPED;
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** One after the other; every one must be granted. */
  private static Future<Void> send(HttpClient client, Gateway gateway, int left) {
    return left == 0
        ? metrics(client, gateway)
        : init(client, gateway.httpPort()).compose(sent -> send(client, gateway, left - 1));
  }

  private static Future<Void> init(HttpClient client, int port) {
    return client
        .request(HttpMethod.POST, port, "127.0.0.1", "/api/v1/in/digilocker/init")
        .compose(
            request ->
                request
                    .putHeader(HttpHeaders.AUTHORIZATION, "Basic dXNlcjpwYXNz")
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .send(Buffer.buffer(BODY)))
        .compose(TrainCommand::granted);
  }

  private static Future<Void> metrics(HttpClient client, Gateway gateway) {
    return client
        .request(HttpMethod.GET, gateway.managementPort(), "127.0.0.1", "/metrics")
        .compose(request -> request.send())
        .compose(TrainCommand::granted);
  }

  private static Future<Void> granted(HttpClientResponse response) {
    return response.statusCode() == 200
        ? response.body().mapEmpty()
        : Future.failedFuture("status " + response.statusCode());
  }
}
