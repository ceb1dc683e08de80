package infopass.gateway.cluster;

import infopass.gateway.cluster.ClusterConfig.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Among whom a limit is dealt out: those who are there, and those who went a moment ago. Shares so
 * become smaller as soon as a node comes, and larger only when one stays away. Belongs to one
 * context.
 */
final class Division {
  /** How long a node that has gone keeps its share: a short cut changes nothing. */
  static final Duration KEPT = Duration.ofSeconds(3);

  private final Supplier<List<Node>> nodes;
  private final LongSupplier nanoTime;
  private final Map<String, Gone> gone = new HashMap<>();
  private List<Node> last = List.of();

  private record Gone(Node node, long atNanos) {}

  /**
   * @param nodes who is there now
   */
  Division(Supplier<List<Node>> nodes, LongSupplier nanoTime) {
    this.nodes = nodes;
    this.nanoTime = nanoTime;
  }

  /** Looks who is there now. */
  void look() {
    long now = nanoTime.getAsLong();
    List<Node> there = nodes.get();
    for (Node node : last) {
      if (there.stream().noneMatch(same -> same.id().equals(node.id()))) {
        gone.put(node.id(), new Gone(node, now));
      }
    }
    there.forEach(node -> gone.remove(node.id()));
    gone.values().removeIf(node -> now - node.atNanos() > KEPT.toNanos());
    last = there;
  }

  /** Who does this, in the order of their names. */
  List<Node> among(Role role) {
    List<Node> all = new ArrayList<>(last);
    gone.values().forEach(one -> all.add(one.node()));
    all.removeIf(node -> !node.has(role));
    all.sort(Comparator.comparing(Node::id));
    return all;
  }

  /** One node's share: as even as whole numbers allow, the first few get one more. */
  static int share(int total, List<Node> nodes, String id) {
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).id().equals(id)) {
        return total / nodes.size() + (i < total % nodes.size() ? 1 : 0);
      }
    }
    return 0;
  }
}
