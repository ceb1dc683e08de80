package infopass.gateway.cluster;

import infopass.gateway.cluster.ClusterConfig.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps this node's calls within its share of the partner's quota. A share is never so large that
 * all nodes together exceed the quota: what the others sent in the window that is running counts,
 * and what nodes sent that have left in order. Of a node that was lost only its share is taken up,
 * so that at most that much is too much. Belongs to the roster's context.
 */
final class PaceShare {
  private static final long EASE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What is told is up to this old when it is read. */
  private static final Duration STALE = Duration.ofMillis(1500);

  private final String self;
  private final Supplier<List<Node>> nodes;
  private final Division division;
  private final PartnerPace pace;
  private final LongSupplier nanoTime;
  private final Map<String, Left> left = new HashMap<>();
  private int allowed;
  private int known;
  private Duration knownPer;
  private int learnedByAll;
  private int count;
  private long dealtAt;
  private long easedAt;

  /** What a node had sent when it left. */
  private record Left(int used, long untilNanos) {}

  /**
   * @param self this node
   * @param nodes who is there now, this one included
   */
  PaceShare(
      String self,
      Supplier<List<Node>> nodes,
      Division division,
      PartnerPace pace,
      LongSupplier nanoTime) {
    this.self = self;
    this.nodes = nodes;
    this.division = division;
    this.pace = pace;
    this.nanoTime = nanoTime;
    this.easedAt = nanoTime.getAsLong() - EASE_NANOS;
  }

  /** A node has said that it leaves. */
  void left(String node, int used, Duration per) {
    left.put(node, new Left(used, nanoTime.getAsLong() + per.toNanos()));
  }

  /** What is told of this node's calls. */
  Node.Pace told() {
    PartnerPace.Standing own = pace.standing();
    return new Node.Pace(
        own.used(), own.limit(), own.per().toMillis(), own.hold().toMillis(), leftKnown());
  }

  void look() {
    PartnerPace.Standing own = pace.standing();
    List<Node> all = division.among(Role.INFOPASS);
    shareHold(own, all);
    if (own.known() > 0) {
      shareKnown(own, all);
    } else {
      shareLearned(own, all);
    }
  }

  private void shareHold(PartnerPace.Standing own, List<Node> all) {
    Duration longest = Duration.ZERO;
    for (Node node : all) {
      Duration theirs = Duration.ofMillis(node.pace().holdMillis());
      if (!node.id().equals(self) && theirs.compareTo(longest) > 0) {
        longest = theirs;
      }
    }
    // Not for less than what two nodes could tell each other for ever.
    if (longest.compareTo(own.hold().plus(STALE.multipliedBy(2))) > 0) {
      pace.hold(longest.minus(STALE));
    }
  }

  private void shareKnown(PartnerPace.Standing own, List<Node> all) {
    int total = Math.max(0, own.known() - leftInAll());
    // Who has said goodbye sends nothing more.
    List<Node> sending = all.stream().filter(node -> !left.containsKey(node.id())).toList();
    int share = Division.share(total, sending, self);
    int free = total;
    for (Node node : sending) {
      if (!node.id().equals(self)) {
        int theirs = Division.share(total, sending, node.id());
        free -= Math.max(theirs, node.pace().used());
      }
    }
    int next = Math.max(1, Math.min(share, free));
    long now = nanoTime.getAsLong();
    boolean same = own.known() == known && own.knownPer().equals(knownPer);
    if (same && (next == allowed || next > allowed && now - easedAt < EASE_NANOS)) {
      return;
    }
    easedAt = now;
    allowed = next;
    known = own.known();
    knownPer = own.knownPer();
    pace.allowed(next);
  }

  private void shareLearned(PartnerPace.Standing own, List<Node> all) {
    int sum = 0;
    int confirmed = 0;
    long perMillis = own.per().toMillis();
    for (Node node : all) {
      boolean mine = node.id().equals(self);
      int limit = mine ? own.limit() : node.pace().limit();
      sum += limit;
      confirmed += limit > 0 ? 1 : 0;
      perMillis = !mine && limit > 0 && own.limit() == 0 ? node.pace().perMillis() : perMillis;
    }
    boolean changed = all.size() != count;
    count = all.size();
    long now = nanoTime.getAsLong();
    dealtAt = changed ? now : dealtAt;
    int total = changed && learnedByAll > 0 ? learnedByAll : sum;
    boolean behind = own.limit() == 0 && sum > 0;
    if (total > 0 && (behind || changed && own.limit() > 0)) {
      pace.learned(Math.max(1, Division.share(total, all, self)), Duration.ofMillis(perMillis));
      learnedByAll = total;
      dealtAt = now;
    }
    // Only when all tell of after it was dealt out: old and new shares together make no sum.
    if (confirmed == all.size() && now - dealtAt >= STALE.toNanos()) {
      learnedByAll = sum;
    }
  }

  private int leftKnown() {
    if (left.isEmpty()) {
      return 0;
    }
    long now = nanoTime.getAsLong();
    left.values().removeIf(one -> now - one.untilNanos() >= 0);
    return left.values().stream().mapToInt(Left::used).sum();
  }

  /** Who came later than a node left has been told by those who were there. */
  private int leftInAll() {
    int most = leftKnown();
    for (Node node : nodes.get()) {
      most = node.id().equals(self) ? most : Math.max(most, node.pace().left());
    }
    return most;
  }
}
