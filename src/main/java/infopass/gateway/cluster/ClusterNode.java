package infopass.gateway.cluster;

import infopass.gateway.bus.InitBus;
import infopass.gateway.digilocker.CallerPresence;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * This process as a member of a cluster: joins it, and makes what the gateway needs of it.
 * Thread-safe once joined.
 */
public final class ClusterNode {
  private static final long JOIN_SECONDS = 60;

  private final ClusterConfig config;
  private final DataGrid grid;
  private final Vertx vertx;
  private final Roster roster;
  private final Conversation conversation = Conversation.current();
  private final ClusterCounters counters = new ClusterCounters();
  private final Map<String, CallerPresence> present = new ConcurrentHashMap<>();
  private final Clock clock;
  private final LongSupplier nanoTime;
  private volatile boolean serving;

  private ClusterNode(
      ClusterConfig config,
      DataGrid grid,
      GatewayClusterManager manager,
      Vertx vertx,
      Clock clock,
      LongSupplier nanoTime) {
    this.config = config;
    this.grid = grid;
    this.vertx = vertx;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.roster = new Roster(grid, vertx, nanoTime);
    conversation.register(vertx.eventBus());
    roster.onChange(
        (came, went) -> {
          if (!came.isEmpty()) {
            manager.announceAgain();
            roster.tellNow();
          }
        });
  }

  /**
   * Joins the cluster, or begins one. Blocks for seconds: to be called from main.
   *
   * @param maxRequests most requests with a key that are remembered here
   * @param options of the Vert.x instance, which becomes a clustered one
   * @throws IOException where that is not possible; its message says why
   */
  public static ClusterNode join(
      ClusterConfig config,
      int maxRequests,
      VertxOptions options,
      Clock clock,
      LongSupplier nanoTime)
      throws IOException {
    DataGrid grid = DataGrid.join(config, maxRequests);
    try {
      GatewayClusterManager manager = new GatewayClusterManager(grid.manager(), config);
      Vertx vertx =
          Vertx.builder()
              .with(options.setEventBusOptions(eventBus(config)))
              .withClusterManager(manager)
              .buildClustered()
              .toCompletionStage()
              .toCompletableFuture()
              .get(JOIN_SECONDS, TimeUnit.SECONDS);
      return new ClusterNode(config, grid, manager, vertx, clock, nanoTime);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      grid.close();
      throw new IOException("the event bus could not join the cluster: " + e.getMessage(), e);
    }
  }

  /** Who is let in where a node hands over an init. */
  public record Gate(
      java.util.function.BooleanSupplier draining,
      java.util.function.BooleanSupplier enter,
      Runnable leave) {}

  public Vertx vertx() {
    return vertx;
  }

  /**
   * Client instances of other nodes.
   *
   * @param againAfterLoss whether a request may be sent again whose fate is not known
   */
  public InitBus.Elsewhere partner(boolean againAfterLoss) {
    return new RemotePartner(
        vertx, roster, conversation, againAfterLoss, counters, clock, nanoTime);
  }

  /** The door for inits that other nodes hand over, to be deployed on each event loop. */
  public Supplier<Deployable> door(Gate gate, InitBus bus, Duration longest) {
    RemoteDoor.Gate who = new RemoteDoor.Gate(gate.draining(), gate.enter(), gate.leave());
    return () ->
        new RemoteDoor(roster.self(), conversation, who, bus, longest, present, clock, nanoTime);
  }

  /** Begins to tell the others of this node. */
  public void start() {
    roster.start(this::own);
  }

  /** Whether the others should hand over work. */
  public void serving(boolean now) {
    serving = now;
    roster.tellNow();
  }

  /** How many nodes there are. */
  public int size() {
    return roster.members().size();
  }

  /** Leaves the cluster; Vert.x has to be closed before. */
  public CompletionStage<Void> leave() {
    return CompletableFuture.runAsync(grid::close);
  }

  private Node own() {
    return new Node(
        roster.self(), Set.copyOf(config.roles()), serving, conversation.numbers(), Node.Pace.NONE);
  }

  private static EventBusOptions eventBus(ClusterConfig config) {
    ClusterConfig.EventBus bus = config.eventBus();
    EventBusOptions options =
        new EventBusOptions()
            .setHost(bus.host().isEmpty() ? config.host() : bus.host())
            .setPort(bus.port())
            .setConnectTimeout(1_000)
            .setClusterPingInterval(5_000)
            .setClusterPingReplyInterval(5_000)
            .setTrustAll(false);
    if (!bus.publicHost().isEmpty()) {
      options.setClusterPublicHost(bus.publicHost());
    }
    if (config.tls().complete()) {
      options
          .setSsl(true)
          .setClientAuth(ClientAuth.REQUIRED)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(config.tls().certificate())
                  .setKeyPath(config.tls().key()))
          .setTrustOptions(new PemTrustOptions().addCertPath(config.tls().authority()));
    }
    return options;
  }
}
