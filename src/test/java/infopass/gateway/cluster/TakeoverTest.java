package infopass.gateway.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class TakeoverTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final long END = NOW.getEpochSecond() + 600;

  /** What was done, in its order. */
  private final List<String> done = new ArrayList<>();

  private final ClusterCounters counters = new ClusterCounters();
  private final Set<String> members = new HashSet<>(Set.of("me"));
  private final List<Sessions.Batch> kept = new ArrayList<>();
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private Executor threads = Runnable::run;
  private boolean vanishes = true;
  private boolean readable = true;
  private long now;

  private final Takeover.Estate estate =
      new Takeover.Estate() {
        @Override
        public List<Sessions.Batch> orphans(Set<String> there) {
          if (!readable) {
            throw new IllegalStateException("cut");
          }
          return kept.stream().filter(batch -> !there.contains(batch.node())).toList();
        }

        @Override
        public void forget(Sessions.Batch batch) {
          done.add("forget " + new String(batch.key(), java.nio.charset.StandardCharsets.UTF_8));
          if (vanishes) {
            kept.remove(batch);
          }
        }
      };

  private final Takeover takeover =
      new Takeover(
          () -> Set.copyOf(members),
          estate,
          session -> done.add("keep " + session.clientId()),
          (client, correlation, caller, end, doubt) -> done.add("watch " + client),
          counters,
          work -> threads.execute(work),
          Runnable::run,
          Clock.fixed(NOW, ZoneOffset.UTC),
          () -> now);

  private static Sessions.Session session(String clientId, long endSeconds) {
    return new Sessions.Session(clientId, "correlation", "caller", endSeconds);
  }

  private void keeps(String key, String node, Sessions.Session... sessions) {
    kept.add(
        new Sessions.Batch(
            key.getBytes(java.nio.charset.StandardCharsets.UTF_8), node, List.of(sessions)));
  }

  private void lookAfterAChange() {
    takeover.changed();
    takeover.look();
  }

  @Test
  void aSessionIsWatchedAndToldOfBeforeWhatTheLostNodeKeptIsForgotten() {
    // Given
    keeps("1", "lost", session("a", END), session("b", END));
    keeps("2", "lost", session("c", END));

    // When
    lookAfterAChange();

    // Then: who is lost in the midst of it leaves each session to the next node at least once
    assertEquals(List.of("watch a", "keep a", "watch b", "keep b", "watch c", "keep c"), done);
    done.clear();
    takeover.look();
    assertEquals(List.of("forget 1", "forget 2"), done);
    assertEquals(3, counters.takenOverCount());
  }

  @Test
  void sessionsOfNodesThatAreThereAreLeftAlone() {
    members.add("other");
    keeps("1", "other", session("a", END));
    keeps("2", "me", session("b", END));
    lookAfterAChange();
    assertEquals(List.of(), done);
  }

  @Test
  void aBatchThatTakesItsTimeToVanishIsWatchedOnceAndForgottenAgain() {
    vanishes = false;
    keeps("1", "lost", session("a", END));
    lookAfterAChange();
    takeover.look();
    takeover.look();
    assertEquals(List.of("watch a", "keep a", "forget 1", "forget 1"), done);
    assertEquals(1, counters.takenOverCount());
  }

  @Test
  void whatEndedAWhileAgoIsOnlyForgottenAndWhatEndedJustNowIsInDoubt() {
    keeps(
        "1",
        "lost",
        session("over", NOW.getEpochSecond() - Takeover.IN_DOUBT_SECONDS),
        session("in doubt", NOW.getEpochSecond() - Takeover.IN_DOUBT_SECONDS + 1));
    lookAfterAChange();
    takeover.look();
    assertEquals(List.of("watch in doubt", "keep in doubt", "forget 1"), done);
  }

  @Test
  void nothingIsReadUnlessMembersHaveChangedInTheLastHalfMinute() {
    // Given
    keeps("1", "lost", session("a", END));

    // When: nothing has changed
    takeover.look();
    assertEquals(List.of(), done);

    // When: a change is long over
    takeover.changed();
    now += Duration.ofSeconds(30).toNanos();
    takeover.look();
    assertEquals(List.of(), done);

    // When: there is another one
    takeover.changed();
    now += Duration.ofSeconds(29).toNanos();
    takeover.look();
    assertEquals(2, done.size());
  }

  @Test
  void aBatchThatFallsToThisNodeLaterIsTakenThen() {
    lookAfterAChange();
    keeps("1", "lost", session("a", END));
    now += Duration.ofSeconds(10).toNanos();
    takeover.look();
    takeover.look();
    assertEquals(List.of("watch a", "keep a", "forget 1"), done);
  }

  @Test
  void aNodeThatTookOverAndIsLostItselfIsTakenOverFrom() {
    // Given: what the heir told of the first node's session is a batch of its own
    keeps("1", "first", session("a", END));
    lookAfterAChange();
    takeover.look();
    done.clear();

    // When
    keeps("2", "heir", session("a", END));
    lookAfterAChange();
    takeover.look();

    // Then
    assertEquals(List.of("watch a", "keep a", "forget 2"), done);
  }

  @Test
  void itLooksAgainWhereTheBatchesCouldNotBeRead() {
    readable = false;
    keeps("1", "lost", session("a", END));
    lookAfterAChange();
    readable = true;
    takeover.look();
    takeover.look();
    assertEquals(List.of("watch a", "keep a", "forget 1"), done);
  }

  @Test
  void aBatchThatWasTakenIsRememberedWhileNothingCanBeRead() {
    vanishes = false;
    keeps("1", "lost", session("a", END));
    lookAfterAChange();
    readable = false;
    takeover.look();
    readable = true;
    takeover.look();
    assertEquals(List.of("watch a", "keep a", "forget 1"), done);
  }

  @Test
  void oneLookAtATimeIsUnderWay() {
    // Given: reading takes its time
    threads = waiting::add;
    keeps("1", "lost", session("a", END));

    // When
    lookAfterAChange();
    takeover.look();

    // Then
    assertEquals(1, waiting.size());
    waiting.remove().run();
    assertEquals(2, done.size());
    takeover.look();
    assertEquals(1, waiting.size());
  }

  @Test
  void aLookThatFindsNoThreadIsMadeUpFor() {
    // Given
    keeps("1", "lost", session("a", END));
    threads =
        work -> {
          throw new RejectedExecutionException("full");
        };
    lookAfterAChange();
    assertEquals(List.of(), done);

    // When
    threads = Runnable::run;
    takeover.look();

    // Then
    assertEquals(2, done.size());
  }
}
