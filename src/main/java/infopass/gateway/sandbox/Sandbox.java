package infopass.gateway.sandbox;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The partner, on this machine: answers init requests as Infopass does, and misbehaves on request.
 * Which scenario is played depends on how the {@code name} in the body begins; see {@link
 * SandboxOptions} for what holds for all requests.
 *
 * <p>Serves HTTP/1.1, and with {@link #withTls} HTTPS with HTTP/2 where the client asks for it.
 * Idle connections are closed after 75 s, which also ends what hangs. Thread-safe once built.
 */
public final class Sandbox {

  private static final int IDLE_SECONDS = 75;
  private static final int KEY_BYTES = 20;
  private static final int FLAKY_BODIES = 10_000;

  /**
   * Listeners of one Vert.x share a random port if they ask for the same negative one, so that
   * every sandbox needs one of its own.
   */
  private static final AtomicInteger LAST_RANDOM_PORT = new AtomicInteger();

  private final Vertx vertx;
  private final SandboxOptions options;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final KeyCertOptions certificate;
  private final Journal journal;
  private volatile int port;
  private volatile String deploymentId;

  /** With the system's clocks and unpredictable ids. */
  public Sandbox(Vertx vertx, SandboxOptions options) {
    this(vertx, options, Clock.systemUTC(), System::nanoTime, new SecureRandom());
  }

  /**
   * @param clock tells the Date header and the time of issue inside tokens
   * @param nanoTime measures the quota's window
   * @param random seeds client ids, the key of the tokens and the chance of failure; used by {@link
   *     #start} only
   */
  public Sandbox(
      Vertx vertx,
      SandboxOptions options,
      Clock clock,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this(vertx, options, clock, nanoTime, random, null);
  }

  private Sandbox(
      Vertx vertx,
      SandboxOptions options,
      Clock clock,
      LongSupplier nanoTime,
      RandomGenerator random,
      KeyCertOptions certificate) {
    this.vertx = vertx;
    this.options = options;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.random = random;
    this.certificate = certificate;
    this.journal = new Journal(options.journalCapacity());
  }

  /** A sandbox like this one, not started, that speaks HTTPS only, with HTTP/2 by ALPN. */
  public Sandbox withTls(KeyCertOptions certificate) {
    return new Sandbox(vertx, options, clock, nanoTime, random, certificate);
  }

  /** Listens; completes with this sandbox once the port is known. To be called once. */
  public Future<Sandbox> start() {
    byte[] tokenKey = new byte[KEY_BYTES];
    random.nextBytes(tokenKey);
    QuotaWindow quota = options.quota() == null ? null : new QuotaWindow(options.quota(), nanoTime);
    FlakyCounts flaky = new FlakyCounts(FLAKY_BODIES);
    HttpServerOptions server = serverOptions();
    return vertx
        .deployVerticle(
            () -> listener(server, tokenKey, quota, flaky),
            new DeploymentOptions().setInstances(options.instances()))
        .map(
            id -> {
              deploymentId = id;
              return this;
            });
  }

  /** The port that it listens on, 0 before the start. */
  public int port() {
    return port;
  }

  /** Scheme, host and port, to put before a path. */
  public URI baseUri() {
    String scheme = certificate == null ? "http" : "https";
    try {
      return new URI(scheme, null, options.host(), port, null, null, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no URI for host " + options.host(), e);
    }
  }

  /** Stops listening and closes all connections at once. Does nothing if not running. */
  public Future<Void> stop() {
    String running = deploymentId;
    deploymentId = null;
    return running == null ? Future.succeededFuture() : vertx.undeploy(running);
  }

  /** What has been received so far; one journal for the life of this sandbox. */
  public Journal journal() {
    return journal;
  }

  private Deployable listener(
      HttpServerOptions server, byte[] tokenKey, QuotaWindow quota, FlakyCounts flaky) {
    RandomGenerator own = new SplittableRandom(random.nextLong());
    Links links = new Links(new TokenMint(tokenKey), clock, own, options.expirySeconds());
    FrontDesk desk = new FrontDesk(new Scenarios(links, flaky), quota, own, options);
    Receipts receipts = new Receipts(journal, options.journalBodies());
    SandboxRoutes routes = new SandboxRoutes(vertx, clock, desk, journal, receipts);
    return new SandboxVerticle(server, routes, listening -> port = listening);
  }

  private HttpServerOptions serverOptions() {
    HttpServerOptions server =
        new HttpServerOptions()
            .setHost(options.host())
            .setPort(options.port() == 0 ? LAST_RANDOM_PORT.decrementAndGet() : options.port())
            .setIdleTimeout(IDLE_SECONDS)
            .setHandle100ContinueAutomatically(true)
            .setHttp2ClearTextEnabled(false);
    if (certificate != null) {
      server.setSsl(true).setUseAlpn(true).setKeyCertOptions(certificate);
      if (OpenSSLEngineOptions.isAvailable()) {
        server.setSslEngineOptions(new OpenSSLEngineOptions());
      }
    }
    return server;
  }
}
