package infopass.gateway.cluster;

import infopass.gateway.bus.InitBus;
import infopass.gateway.cluster.ClusterConfig.Role;
import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.SessionWatch;
import infopass.gateway.idempotency.IdempotencyStore;
import infopass.gateway.idempotency.SharedMemory;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * This process as a member of a cluster: joins it, and makes what the gateway needs of it.
 * Thread-safe once joined.
 */
public final class ClusterNode {
  private static final long JOIN_SECONDS = 60;
  private static final long LOOK_MILLIS = 250;

  private final ClusterConfig config;
  private final DataGrid grid;
  private final GatewayClusterManager manager;
  private final Vertx vertx;
  private final GridThreads threads = new GridThreads();
  private final Roster roster;
  private final SharedStore memory;
  private final StoreMeter storeMeter = new StoreMeter();
  private final Conversation conversation = Conversation.current();
  private final ClusterCounters counters = new ClusterCounters();
  private final Map<String, CallerPresence> present = new ConcurrentHashMap<>();
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Sessions sessions;
  private volatile Supplier<Node.Pace> told = () -> Node.Pace.NONE;
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
    this.manager = manager;
    this.vertx = vertx;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.roster = new Roster(grid, threads, vertx, nanoTime);
    this.memory =
        new SharedStore(grid.requests(), threads, vertx, roster, config, storeMeter, nanoTime);
    this.sessions = new Sessions(grid.sessions(), threads, roster.self(), counters);
    conversation.register(vertx.eventBus());
    roster.afterArrivals(manager::announceAgain);
  }

  /**
   * Joins the cluster, or begins one. Blocks for seconds: to be called from main.
   *
   * @param maxRequests most requests with a key that are remembered here; 0 for a service that only
   *     hears and asks, and keeps nothing
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
      GatewayClusterManager manager = new GatewayClusterManager(grid.manager(), config, nanoTime);
      Vertx vertx =
          Vertx.builder()
              .with(options.setEventBusOptions(NodeBus.options(config)))
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

  /** Who watches a session of a node that has gone. */
  public interface Heir extends Takeover.Heir {}

  /** Who is let in where a node hands over an init. */
  public record Gate(BooleanSupplier draining, BooleanSupplier enter, Runnable leave) {}

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

  /** What the nodes know of requests with a key. */
  public SharedMemory memory() {
    return memory;
  }

  /** Lets the other nodes wait for calls that are made here. */
  public void serve(IdempotencyStore store) {
    memory.serve(store);
  }

  /** How the shared memory answers. */
  public StoreMeter storeMeter() {
    return storeMeter;
  }

  /** The sessions that an event loop watches, with the others told of them. For that loop. */
  public SessionWatch replicated(SessionWatch own) {
    return new SessionReplica(own, sessions, vertx, clock);
  }

  /**
   * Who takes over the sessions of nodes that have gone; to be deployed once.
   *
   * @param heir made on its event loop
   */
  public Deployable takeover(Supplier<Heir> heir) {
    return new VerticleBase() {
      @Override
      public Future<?> start() {
        SessionReplica replica =
            new SessionReplica((session, id, caller) -> {}, sessions, vertx, clock);
        Context own = vertx.getOrCreateContext();
        Takeover takeover =
            new Takeover(
                roster::members,
                sessions,
                replica::add,
                heir.get(),
                counters,
                threads,
                action -> own.runOnContext(v -> action.run()),
                clock,
                nanoTime);
        roster.onChange((came, went) -> takeover.changed());
        vertx.setPeriodic(LOOK_MILLIS, fired -> takeover.look());
        return Future.succeededFuture();
      }
    };
  }

  /**
   * Begins to tell the others of this node, and to keep to its shares.
   *
   * @param pace of the calls to the partner
   * @param callers is told of how many nodes that take requests this is which
   */
  public void start(PartnerPace pace, BiConsumer<Integer, Integer> callers) {
    Division division = new Division(roster::nodes, nanoTime);
    PaceShare share = new PaceShare(roster.self(), roster::nodes, division, pace, nanoTime);
    told = config.has(Role.INFOPASS) ? share::told : () -> Node.Pace.NONE;
    roster.atEachLook(
        () -> {
          division.look();
          if (config.has(Role.INFOPASS)) {
            share.look();
          }
          List<Node> doors = division.among(Role.HTTP);
          List<String> ids = doors.stream().map(Node::id).toList();
          if (ids.contains(roster.self())) {
            callers.accept(ids.size(), ids.indexOf(roster.self()));
          }
        });
    Recovery recovery =
        new Recovery(grid::whole, grid::before, () -> threads.execute(grid::open), nanoTime);
    roster.atEachLook(() -> recovery.look(roster.members().size()));
    roster.onGoodbye(
        (node, used, per) -> {
          if (config.has(Role.INFOPASS) && !node.equals(roster.self())) {
            share.left(node, used, per);
          }
        });
    roster.start(this::own);
  }

  /** Who is there, and whether this node sees most of those that there should be. */
  public boolean whole() {
    return grid.whole();
  }

  /** Whether it is known that nobody in the cluster listens at an address of the event bus. */
  public boolean quiet(String address) {
    return manager.quiet(address);
  }

  /** What the nodes did for each other. */
  public ClusterCounters counters() {
    return counters;
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

  /** Tells the others that this node is about to leave. */
  public Future<Void> goodbye() {
    return roster.goodbye(told);
  }

  /** Leaves the cluster; Vert.x has to be closed before. */
  public CompletionStage<Void> leave() {
    return CompletableFuture.runAsync(
        () -> {
          threads.close();
          grid.close();
        });
  }

  private Node own() {
    return new Node(
        roster.self(), Set.copyOf(config.roles()), serving, conversation.numbers(), told.get());
  }
}
