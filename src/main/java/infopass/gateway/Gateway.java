package infopass.gateway;

import infopass.gateway.cluster.ClusterConfig.Role;
import infopass.gateway.http.AnswerListener;
import infopass.gateway.http.HttpVerticle;
import infopass.gateway.http.Lifecycle.Stage;
import infopass.gateway.http.ListenerSettings;
import infopass.gateway.http.RouteGroup;
import infopass.gateway.http.TrustedProxies;
import infopass.gateway.infopass.CallCounters;
import infopass.gateway.infopass.InfopassConfig;
import infopass.gateway.infopass.InfopassVerticle;
import infopass.gateway.intake.Intake;
import infopass.gateway.management.AnswerCounts;
import infopass.gateway.management.HealthRoutes;
import infopass.gateway.management.MetricsRoutes;
import infopass.gateway.management.OperationsFeed;
import infopass.gateway.management.OperationsRoutes;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: which class uses which, with {@link PartnerSide} and {@link PublicSide} for
 * the two halves, and in what order they start and stop. One per process; its methods are to be
 * called from one thread.
 */
public final class Gateway {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private static final int MANAGEMENT_CONNECTIONS = 256;

  /** The drain has waited for the whole grace: what still hangs then gets no second one. */
  private static final Duration AFTER_DRAIN = Duration.ofSeconds(1);

  private volatile GatewayConfig config;
  private final Vertx vertx;
  private final Surroundings world;
  private final int loops;
  private final Cluster cluster;
  private final Shared shared;
  private final Meters meters;
  private final PartnerSide partnerSide;
  private final PublicSide publicSide;
  private final ListenerSettings httpListener;
  private final ListenerSettings managementListener;
  private final Drain drain;
  private final List<HttpVerticle> publicListeners = new CopyOnWriteArrayList<>();
  private final AnswerCounts answers;
  private final Pushed pushed;
  private final OperationsState state;
  private final OperationsFeed feed;
  private String partnerDeployment;
  private String httpDeployment;

  /**
   * @param loops how many event loops the Vert.x instance has
   * @param trust whom the partner's certificate must come from; empty for the system's authorities
   */
  public Gateway(
      GatewayConfig config,
      Vertx vertx,
      Surroundings world,
      int loops,
      Optional<TrustOptions> trust) {
    this(config, vertx, world, loops, trust, Cluster.ALONE, UnaryOperator.identity());
  }

  /**
   * @param cluster what this process shares with others
   * @param told what becomes of what is pushed into the metrics: all of it, unless it is measured
   *     what that costs
   */
  Gateway(
      GatewayConfig config,
      Vertx vertx,
      Surroundings world,
      int loops,
      Optional<TrustOptions> trust,
      Cluster cluster,
      UnaryOperator<Pushed> told) {
    this.cluster = cluster;
    this.config = config;
    this.vertx = vertx;
    this.world = world;
    this.loops = loops;
    this.shared = Shared.of(config, vertx, world, cluster);
    this.meters =
        new Meters(
            shared, config.infopass(), loops, instances(config.infopass().instances()), cluster);
    this.pushed = told.apply(meters.pushed());
    this.partnerSide = new PartnerSide(() -> this.config, vertx, world, shared, pushed, trust);
    this.publicSide = new PublicSide(() -> this.config, vertx, world, shared, pushed, cluster);
    this.answers = new AnswerCounts(Intake.PATH, world.nanoTime());
    this.httpListener =
        listener(
            config.http().idleTimeout(),
            config.http().maxConnections(),
            () -> AnswerListener.both(answers.lane(), pushed.answers()),
            new TrustedProxies(config.http().trustedProxies()));
    this.managementListener =
        listener(
            ServerOptions.MANAGEMENT_IDLE,
            MANAGEMENT_CONNECTIONS,
            () -> AnswerListener.NONE,
            TrustedProxies.NONE);
    meters.openConnections(httpListener.openConnections()::get);
    meters.acceptFailures(
        () -> httpListener.acceptor().failures() + managementListener.acceptor().failures());
    this.state =
        new OperationsState(
            config, vertx, world, shared, answers, httpListener.openConnections()::get);
    this.feed = new OperationsFeed(state, state::look);
    this.drain =
        new Drain(
            vertx,
            shared.lifecycle(),
            shared.pacer()::refuseAllWaiting,
            shared.streams()::drain,
            shared.inFlight()::count,
            httpListener.openConnections()::get,
            httpListener.acceptor()::close);
  }

  private HttpVerticle publicListener() {
    HttpVerticle one =
        new HttpVerticle(
            ServerOptions.http(config.http(), config.infopass().timeouts().overall()),
            httpListener,
            this::publicRoutes);
    publicListeners.add(one);
    return one;
  }

  /** What the public port serves. */
  List<RouteGroup> publicRoutes() {
    return publicSide.routes();
  }

  /** What the management port serves. */
  private List<RouteGroup> managementRoutes() {
    return List.of(
        new HealthRoutes(shared.lifecycle(), shared.eventLoops()::turn, cluster.readiness()),
        new MetricsRoutes(vertx, meters::text),
        new OperationsRoutes(vertx, feed, state::configuration),
        WebFiles.operations());
  }

  /** Starts the partner side first and the public listener last; ready when that is open. */
  public Future<Void> start() {
    InfopassConfig infopass = config.infopass();
    int clients = instances(infopass.instances());
    AtomicInteger next = new AtomicInteger();
    return deploy(shared.eventLoops()::heart, loops)
        .compose(
            heart ->
                deploy(
                    () ->
                        new HttpVerticle(
                            ServerOptions.management(config.management()),
                            managementListener,
                            this::managementRoutes,
                            config.management().allowedHosts()),
                    1))
        .compose(
            management ->
                deploy(
                    () ->
                        new InfopassVerticle(
                            shared.bus(),
                            shared.counters(),
                            world.random().get(),
                            () -> partnerSide.chain(next.getAndIncrement() % clients, clients),
                            AFTER_DRAIN),
                    cluster.has(Role.INFOPASS) ? clients : 0))
        .onSuccess(partners -> partnerDeployment = partners)
        .compose(partners -> cluster.open(shared, world))
        .compose(
            open ->
                deploy(
                    () ->
                        publicSide
                            .intake()
                            .consumer(
                                vertx,
                                world.random().get(),
                                AnswerListener.both(answers.lane(), pushed.messages())),
                    doors(loops)))
        .compose(
            consumers -> deploy(this::publicListener, doors(instances(config.http().instances()))))
        .onSuccess(
            http -> {
              httpDeployment = http;
              shared.lifecycle().enter(Stage.READY);
              LOG.atInfo()
                  .addKeyValue("port", cluster.has(Role.HTTP) ? httpPort() : 0)
                  .addKeyValue("managementPort", managementPort())
                  .addKeyValue("transport", vertx.isNativeTransportEnabled() ? "native" : "nio")
                  .log("ready");
            })
        .mapEmpty();
  }

  /**
   * Takes another configuration into use while requests are being worked on. What cannot change
   * without a restart is logged, and stays. To be called once started, from one thread.
   */
  public void reload(GatewayConfig next) {
    new Reload(shared, world, cluster).apply(config, next);
    meters.know(shared.callers().ids());
    config = config.takingOver(next);
    config
        .http()
        .tls()
        .filter(tls -> !publicListeners.isEmpty())
        .ifPresent(
            tls -> new CertificateReload(vertx, tls, publicListeners.get(0)::updateTls).reload());
  }

  /**
   * Stops in order: not ready, answering on for the drain delay, then finishing what is in flight
   * within the grace, then the listener, then everything behind it.
   */
  public Future<Void> stop() {
    LOG.atInfo().addKeyValue("inFlight", shared.inFlight().count()).log("stopping");
    return drain
        .run(config.shutdown())
        .compose(
            drained ->
                // Calls that outlived the grace are ended first, so that the listener can say so.
                undeploy(partnerDeployment).eventually(() -> undeploy(httpDeployment)))
        .otherwiseEmpty()
        .compose(closed -> feed.end())
        .otherwiseEmpty()
        .compose(
            closed ->
                vertx.executeBlocking(
                    () -> {
                      shared.trail().close(AFTER_DRAIN);
                      return closed;
                    }))
        .otherwiseEmpty()
        // The last request has been answered: what it was is still to be told.
        .compose(closed -> Future.fromCompletionStage(shared.spans().close()))
        .compose(told -> cluster.close(vertx))
        .onComplete(
            done -> {
              meters.close();
              CallCounters.Snapshot calls = shared.counters().snapshot();
              LOG.atInfo()
                  .addKeyValue("partnerCalls", calls.partnerCalls())
                  .addKeyValue("retries", calls.retries())
                  .addKeyValue("possibleDuplicates", calls.possibleDuplicates())
                  .addKeyValue("abandoned", calls.abandoned())
                  .log("stopped");
            });
  }

  /** The public port that was bound. */
  public int httpPort() {
    return httpListener.port().get();
  }

  /** The management port that was bound. */
  public int managementPort() {
    return managementListener.port().get();
  }

  /** What was asked of the partner so far. */
  public CallCounters.Snapshot calls() {
    return shared.counters().snapshot();
  }

  private ListenerSettings listener(
      Duration idle, int maxConnections, Supplier<AnswerListener> answers, TrustedProxies proxies) {
    return ServerOptions.listener(
        config, shared.lifecycle(), world, idle, maxConnections, AFTER_DRAIN, answers, proxies);
  }

  private int instances(int configured) {
    return configured == 0 ? loops : configured;
  }

  /** How many of what takes requests: none where other processes do that. */
  private int doors(int instances) {
    return cluster.has(Role.HTTP) ? instances : 0;
  }

  private Future<Void> undeploy(String deployment) {
    return deployment == null ? Future.succeededFuture() : vertx.undeploy(deployment);
  }

  private Future<String> deploy(Supplier<? extends Deployable> verticles, int instances) {
    if (instances == 0) {
      return Future.succeededFuture();
    }
    return vertx.deployVerticle(verticles, new DeploymentOptions().setInstances(instances));
  }
}
