package infopass.gateway.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import infopass.gateway.cluster.ClusterConfig.Role;
import infopass.gateway.cluster.PartnerPace.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One node, called b, and what it makes of what the others tell. */
class PaceShareTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final List<Node> there = new ArrayList<>();
  private final Recorder pace = new Recorder();
  private long now = Long.MAX_VALUE - 5; // It wraps, as System.nanoTime() may.
  private final Division division = new Division(() -> List.copyOf(there), () -> now);
  private final PaceShare share =
      new PaceShare("b", () -> List.copyOf(there), division, pace, () -> now);

  /** Takes note of what it is allowed. */
  private static final class Recorder implements PartnerPace {
    private Standing standing = known(60);
    private final List<Integer> allowed = new ArrayList<>();
    private final List<String> learned = new ArrayList<>();
    private final List<Duration> holds = new ArrayList<>();

    @Override
    public Standing standing() {
      return standing;
    }

    @Override
    public void allowed(int requests) {
      allowed.add(requests);
    }

    @Override
    public void learned(int requests, Duration per) {
      learned.add(requests + "/" + per.toSeconds() + "s");
      standing = learnt(requests, per);
    }

    @Override
    public void hold(Duration time) {
      holds.add(time);
    }
  }

  private static Standing known(int quota) {
    return new Standing(quota, MINUTE, 0, quota, MINUTE, Duration.ZERO);
  }

  private static Standing learnt(int limit, Duration per) {
    return new Standing(0, MINUTE, 0, limit, per, Duration.ZERO);
  }

  private static Node client(String id, Node.Pace pace) {
    return new Node(id, Set.of(Role.INFOPASS), true, List.of(1), pace);
  }

  private static Node client(String id) {
    return client(id, Node.Pace.NONE);
  }

  private static Node.Pace used(int used) {
    return new Node.Pace(used, 0, 60_000, 0, 0);
  }

  private void see(Node... nodes) {
    there.clear();
    there.addAll(List.of(nodes));
    look();
  }

  private void look() {
    division.look();
    share.look();
  }

  private void pass(Duration time) {
    now += time.toNanos();
    look();
  }

  @Test
  void aloneItHasTheWholeQuotaAndIsToldOnce() {
    see(client("b"));
    pass(Duration.ofSeconds(5));
    pass(Duration.ofSeconds(5));
    assertEquals(List.of(60), pace.allowed);
  }

  @Test
  void doorsThatDoNotCallThePartnerTakeNoShare() {
    Node door = new Node("a", Set.of(Role.HTTP), true, List.of(1), Node.Pace.NONE);
    see(door, client("b"));
    assertEquals(List.of(60), pace.allowed);
  }

  @Test
  void theShareShrinksWithTheLookThatSeesAnotherNodeAndGrowsWhenOneHasStayedAway() {
    see(client("b"));
    see(client("a"), client("b"));
    assertEquals(List.of(60, 30), pace.allowed);
    see(client("a"), client("b"), client("c"));
    assertEquals(List.of(60, 30, 20), pace.allowed);

    // When: one goes, and has not yet been away for long
    see(client("a"), client("b"));
    pass(Division.KEPT);
    assertEquals(List.of(60, 30, 20), pace.allowed);
    pass(Duration.ofMillis(250));
    assertEquals(List.of(60, 30, 20, 30), pace.allowed);
  }

  @Test
  void aNodeThatIsBackAtOnceChangesNothing() {
    see(client("a"), client("b"));
    see(client("b"));
    pass(Duration.ofSeconds(2));
    see(client("a"), client("b"));
    pass(Duration.ofSeconds(4));
    assertEquals(List.of(30), pace.allowed);
  }

  @Test
  void whatTheOthersHaveSentBeforeThisNodeCameCounts() {
    see(client("a", used(55)), client("b"));
    assertEquals(List.of(5), pace.allowed);

    // When: it falls out of the window
    there.set(0, client("a", used(40)));
    pass(Duration.ofSeconds(1));
    there.set(0, client("a", used(10)));
    pass(Duration.ofSeconds(1));
    assertEquals(List.of(5, 20, 30), pace.allowed);
  }

  @Test
  void itGrowsOnceASecondAtTheMostAndShrinksAtOnce() {
    see(client("a", used(50)), client("b"));
    now += Duration.ofMillis(400).toNanos();
    see(client("a", used(45)), client("b"));
    now += Duration.ofMillis(400).toNanos();
    see(client("a", used(58)), client("b"));
    assertEquals(List.of(10, 2), pace.allowed);
  }

  @Test
  void oneCallIsAlwaysLeftEvenWhereThereAreMoreNodesThanCalls() {
    pace.standing = known(2);
    see(client("a"), client("a1"), client("b"), client("c"));
    assertEquals(List.of(1), pace.allowed);
    see(client("a", used(60)), client("b"));
    assertEquals(List.of(1), pace.allowed);
  }

  @Test
  void whatALeaverHasSentCountsForItsWindowAndTheRestFallsToTheOthersAtOnce() {
    // Given
    see(client("a", used(30)), client("b"));

    // When
    share.left("a", 25, MINUTE);
    pass(Duration.ofSeconds(1));

    // Then
    assertEquals(List.of(30, 35), pace.allowed);
    assertEquals(25, share.told().left());
    see(client("b"));
    pass(MINUTE);
    assertEquals(List.of(30, 35, 60), pace.allowed);
    assertEquals(0, share.told().left());
  }

  @Test
  void whoCameLaterIsToldOfALeaverByWhoWasThere() {
    // Given: both know of the same leaver
    Node.Pace tells = new Node.Pace(0, 0, 60_000, 0, 24);
    see(client("a", tells), client("b"), client("c", tells));
    assertEquals(List.of(12), pace.allowed);

    // When: one of them is lost without a word
    see(client("b"), client("c", tells));
    pass(Division.KEPT.plusMillis(1));

    // Then
    assertEquals(List.of(12, 18), pace.allowed);
  }

  @Test
  void aQuotaThatChangesIsTakenUpAtOnce() {
    see(client("a"), client("b"));
    pace.standing = known(90);
    look();
    assertEquals(List.of(30, 45), pace.allowed);
  }

  @Test
  void whatOneNodeLearnedIsDealtOutWhenAnotherComes() {
    // Given: b has learned alone
    pace.standing = learnt(0, MINUTE);
    see(client("b"));
    pace.standing = learnt(40, Duration.ofSeconds(30));
    look();

    // When
    see(client("a"), client("b"));

    // Then: and not again with each look
    look();
    assertEquals(List.of("20/30s"), pace.learned);
  }

  @Test
  void whoHasLearnedNothingTakesItsShareOfWhatTheOthersHave() {
    pace.standing = learnt(0, MINUTE);
    see(client("a", new Node.Pace(0, 40, 30_000, 0, 0)), client("b"));
    look();
    assertEquals(List.of("20/30s"), pace.learned);
  }

  @Test
  void whereNobodyHasLearnedNothingIsKept() {
    pace.standing = learnt(0, MINUTE);
    see(client("a"), client("b"));
    see(client("b"));
    pass(Duration.ofSeconds(10));
    assertEquals(List.of(), pace.learned);
    assertEquals(List.of(), pace.allowed);
  }

  @Test
  void whatAllHadLearnedTogetherFallsToThoseWhoAreLeft() {
    // Given
    pace.standing = learnt(0, MINUTE);
    see(client("a"), client("b"));
    pace.standing = learnt(20, MINUTE);
    pass(Duration.ofMillis(1_500));
    see(client("a", new Node.Pace(0, 30, 60_000, 0, 0)), client("b"));

    // When
    see(client("b"));
    pass(Division.KEPT.plusMillis(1));
    assertEquals(List.of("50/60s"), pace.learned);
  }

  @Test
  void whatOthersToldBeforeItWasDealtOutIsNoPartOfTheSum() {
    // Given: one that had learned it alone, and this one, which has just been given its half
    Node alone = client("a", new Node.Pace(0, 60, 60_000, 0, 0));
    pace.standing = learnt(0, MINUTE);
    see(alone, client("b"));
    pace.standing = learnt(30, MINUTE);
    see(alone, client("b"));

    // When: a third comes before the first has told of its own half
    see(alone, client("b"), client("c"));

    // Then
    assertEquals(List.of("30/60s", "20/60s"), pace.learned);
  }

  @Test
  void thePartnersPauseHoldsTheOthersUntilALittleBeforeItsEnd() {
    see(client("a", new Node.Pace(0, 0, 60_000, 7_000, 0)), client("b"));
    assertEquals(List.of(Duration.ofMillis(5_500)), pace.holds);
  }

  @Test
  void twoNodesDoNotHoldEachOtherForEver() {
    pace.standing = new Standing(60, MINUTE, 0, 60, MINUTE, Duration.ofSeconds(5));
    see(client("a", new Node.Pace(0, 0, 60_000, 7_000, 0)), client("b"));
    assertEquals(List.of(), pace.holds);
  }

  @Test
  void whatIsToldIsHowItsOwnCallsStand() {
    pace.standing = new Standing(0, MINUTE, 7, 40, MINUTE, Duration.ofSeconds(3));
    assertEquals(new Node.Pace(7, 40, 60_000, 3_000, 0), share.told());
  }
}
