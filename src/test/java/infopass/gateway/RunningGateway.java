package infopass.gateway;

import infopass.gateway.config.ConfigSource;
import infopass.gateway.infopass.ExtraTrust;
import infopass.gateway.infopass.HostResolver;
import infopass.gateway.sandbox.Journal;
import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/**
 * A gateway and its sandbox in this process, on free loopback ports, with a blocking and an
 * asynchronous caller. For the thread of a test, never for an event loop.
 */
public final class RunningGateway implements AutoCloseable {
  public static final String INIT = "/api/v1/in/digilocker/init";
  public static final String SEED =
      "{\"name\":\"Test Kumar\",\"email\":\"ku*******@gmail.com\",\"mobile\":\"965*****986\","
          + "\"redirectUrl\":\"https://infopass.in\",\"state\":\"Uttar Pradesh\"}";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final Sandbox sandbox;
  private final Gateway gateway;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final ApiWitness api = new ApiWitness();
  private final List<Object> kept = new CopyOnWriteArrayList<>();
  private boolean closed;

  private RunningGateway(Vertx vertx, Sandbox sandbox, Gateway gateway) {
    this.vertx = vertx;
    this.sandbox = sandbox;
    this.gateway = gateway;
  }

  /** Starts both with the defaults of {@code --sandbox}. */
  public static RunningGateway start() {
    return start("", SandboxOptions.defaults());
  }

  /**
   * Starts both.
   *
   * @param yaml what the gateway's configuration changes; ports are free ones unless it says
   */
  public static RunningGateway start(String yaml) {
    return start(yaml, SandboxOptions.defaults());
  }

  public static RunningGateway start(String yaml, SandboxOptions options) {
    Vertx vertx = Main.vertx();
    Sandbox sandbox = await(new Sandbox(vertx, options).start());
    return start(vertx, yaml, sandbox, sandbox.baseUri());
  }

  /** Starts the gateway with another partner; {@link #journal} is then an idle sandbox's. */
  public static RunningGateway startAgainst(URI partner, String yaml) {
    Vertx vertx = Main.vertx();
    Sandbox sandbox = await(new Sandbox(vertx, SandboxOptions.defaults()).start());
    return start(vertx, yaml, sandbox, partner);
  }

  /** Starts both with a sandbox that speaks https with this certificate. */
  public static RunningGateway startWithTls(KeyCertOptions certificate, String yaml) {
    Vertx vertx = Main.vertx();
    Sandbox plain = new Sandbox(vertx, SandboxOptions.defaults());
    Sandbox sandbox = await(plain.withTls(certificate).start());
    return start(vertx, yaml, sandbox, sandbox.baseUri());
  }

  /** The same, but the gateway reaches that sandbox through another port of this machine. */
  public static RunningGateway startWithTlsBehind(
      KeyCertOptions certificate, String yaml, IntUnaryOperator otherPort) {
    Vertx vertx = Main.vertx();
    Sandbox plain = new Sandbox(vertx, SandboxOptions.defaults());
    Sandbox sandbox = await(plain.withTls(certificate).start());
    int port = otherPort.applyAsInt(sandbox.port());
    return start(vertx, yaml, sandbox, URI.create("https://127.0.0.1:" + port));
  }

  /** Starts the gateway with another partner, whose name is looked up as the test says. */
  public static RunningGateway startAgainst(URI partner, HostResolver resolver, String yaml) {
    Vertx vertx = Main.vertx();
    Sandbox sandbox = await(new Sandbox(vertx, SandboxOptions.defaults()).start());
    Surroundings own = Surroundings.system();
    Surroundings world = new Surroundings(own.clock(), own.nanoTime(), own.random(), resolver);
    return start(vertx, yaml, sandbox, partner, world);
  }

  /** Starts both with the gateway in a world of the test's making. */
  public static RunningGateway startIn(Surroundings world, String yaml) {
    Vertx vertx = Main.vertx();
    Sandbox sandbox = await(new Sandbox(vertx, SandboxOptions.defaults()).start());
    return start(vertx, yaml, sandbox, sandbox.baseUri(), world);
  }

  private static RunningGateway start(Vertx vertx, String yaml, Sandbox sandbox, URI partner) {
    return start(vertx, yaml, sandbox, partner, Surroundings.system());
  }

  private static RunningGateway start(
      Vertx vertx, String yaml, Sandbox sandbox, URI partner, Surroundings world) {
    GatewayConfig config = config(yaml).sendingTo(partner);
    Gateway gateway = new Gateway(config, vertx, world, Main.eventLoops(), trust(config));
    await(gateway.start());
    return new RunningGateway(vertx, sandbox, gateway);
  }

  private static Optional<TrustOptions> trust(GatewayConfig config) {
    try {
      return ExtraTrust.load(config.infopass().tls().trustCertificates());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The configuration that this YAML gives, with free ports unless it names some. */
  public static GatewayConfig config(String yaml) {
    return ConfigLoader.load(
        ConfigSource.text("test", yaml.isEmpty() ? PORTS : yaml + "\n" + portsBeside(yaml)),
        Map.of(),
        true);
  }

  private static final String PORTS = "http: {host: 127.0.0.1, port: 0}\nmanagement: {port: 0}\n";

  private static String portsBeside(String yaml) {
    String http = yaml.contains("http:") ? "" : "http: {host: 127.0.0.1, port: 0}\n";
    return http + (yaml.contains("management:") ? "" : "management: {port: 0}\n");
  }

  public Vertx vertx() {
    return vertx;
  }

  /**
   * Holds a client for as long as this gateway is held. Vert.x closes a client that nothing refers
   * to when the garbage is collected, also amid its call.
   */
  <T> T keep(T client) {
    kept.add(client);
    return client;
  }

  public Gateway gateway() {
    return gateway;
  }

  /** Where the sandbox is. */
  public URI partner() {
    return sandbox.baseUri();
  }

  /** What the partner saw. */
  public Journal journal() {
    return sandbox.journal();
  }

  public int port() {
    return gateway.httpPort();
  }

  public int managementPort() {
    return gateway.managementPort();
  }

  /** The seed's body with another name: a scenario of the sandbox. */
  public static String body(String name) {
    return SEED.replace("Test Kumar", name);
  }

  /** A well-formed init request, to be changed or sent. */
  public HttpRequest.Builder init(String body) {
    return HttpRequest.newBuilder(uri(INIT))
        .timeout(PATIENCE)
        .header("Authorization", basic("user", "pass"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  public URI managementUri(String path) {
    return URI.create("http://127.0.0.1:" + managementPort() + path);
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return seen(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
    return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(this::seen);
  }

  private HttpResponse<String> seen(HttpResponse<String> answer) {
    return answer.uri().getPort() == port() ? api.saw(answer) : answer;
  }

  /** Has seen each answer of the public port to this caller. */
  ApiWitness api() {
    return api;
  }

  /** Sends an init for this scenario. */
  public HttpResponse<String> initFor(String name) {
    return send(init(body(name)));
  }

  public HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)).timeout(PATIENCE));
  }

  public HttpResponse<String> getManagement(String path) {
    return send(HttpRequest.newBuilder(managementUri(path)).timeout(PATIENCE));
  }

  public static JsonObject json(HttpResponse<String> response) {
    return new JsonObject(response.body());
  }

  public static String basic(String userId, String password) {
    byte[] pair = (userId + ':' + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** Waits for a future from the thread of a test. */
  public static <T> T await(Future<T> future) {
    return await(future, PATIENCE);
  }

  /** The same, for what takes longer. */
  public static <T> T await(Future<T> future, Duration patience) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops the gateway in order; once. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      await(gateway.stop());
    }
  }
}
