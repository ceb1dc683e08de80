package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.cluster.ClusterConfig;
import infopass.gateway.cluster.ClusterNode;
import infopass.gateway.cluster.PartnerPace;
import infopass.gateway.config.Secret;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** How often nodes tell each other how their calls stand. */
class ClusterGossipIT {
  private static final List<Integer> PORTS = FreePort.pairs(2);
  private static final int LOOKS_A_SECOND = 4;
  private static final int LOOKS = 16;

  private static ClusterNode join(int place, LongSupplier nanoTime) throws IOException {
    ClusterConfig config =
        new ClusterConfig(
            true,
            EnumSet.allOf(ClusterConfig.Role.class),
            "gossip",
            "127.0.0.1",
            PORTS.get(place),
            new ClusterConfig.EventBus("", 0, ""),
            PORTS.stream().map(port -> "127.0.0.1:" + port).toList(),
            "",
            Secret.of(TestCluster.SECRET),
            new ClusterConfig.Tls("", "", ""),
            false,
            Duration.ofSeconds(3),
            ClusterConfig.StoreFailure.CLOSED);
    return ClusterNode.join(config, 1, Main.vertxOptions(), Clock.systemUTC(), nanoTime);
  }

  private static void leave(ClusterNode node) {
    RunningGateway.await(node.vertx().close());
    node.leave().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  /** A hold that is another one at each look, and takes note of what it is told. */
  private static final class Pace implements PartnerPace {
    private final AtomicInteger looks = new AtomicInteger();
    private final Queue<Duration> heard = new ConcurrentLinkedQueue<>();
    private final Duration step;
    private volatile Duration hold = Duration.ZERO;

    Pace(Duration step) {
      this.step = step;
    }

    @Override
    public Standing standing() {
      hold = hold.plus(step);
      return new Standing(0, Duration.ofMinutes(1), 0, 0, Duration.ofMinutes(1), hold);
    }

    @Override
    public void allowed(int requests) {
      // No quota is known.
    }

    @Override
    public void learned(int requests, Duration per) {
      // Nor learned.
    }

    @Override
    public void hold(Duration time) {
      hold = time;
      heard.add(time);
    }
  }

  @Test
  void whatChangesAllTheTimeIsToldOnceASecond() throws IOException {
    // Given: a node whose clock goes by its looks, so that a slow machine changes nothing
    Pace talker = new Pace(Duration.ofSeconds(10));
    Pace listener = new Pace(Duration.ZERO);
    LongSupplier clock = () -> talker.looks.get() * TimeUnit.SECONDS.toNanos(1) / LOOKS_A_SECOND;
    ClusterNode one = join(0, clock);
    ClusterNode other = join(1, System::nanoTime);
    try {
      other.start(listener, (nodes, index) -> {});
      one.start(talker, (nodes, index) -> talker.looks.incrementAndGet());

      // When
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (talker.looks.get() < LOOKS) {
        assertTrue(System.nanoTime() < end, "it looks too seldom");
        RunningGateway.await(other.vertx().timer(20, TimeUnit.MILLISECONDS));
      }

      // Then
      int told = listener.heard.size();
      assertTrue(told >= LOOKS / LOOKS_A_SECOND - 1, "told " + told);
      assertTrue(told <= LOOKS / LOOKS_A_SECOND + 1, "told " + told);
    } finally {
      leave(one);
      leave(other);
    }
  }
}
