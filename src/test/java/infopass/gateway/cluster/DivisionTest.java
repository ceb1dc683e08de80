package infopass.gateway.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DivisionTest {
  private static Node node(String id) {
    return new Node(id, Set.of(), true, List.of(1), Node.Pace.NONE);
  }

  @Test
  void sharesAddUpToTheWholeAndTheFirstGetTheRemainder() {
    List<Node> three = List.of(node("a"), node("b"), node("c"));
    assertEquals(21, Division.share(61, three, "a"));
    assertEquals(20, Division.share(61, three, "b"));
    assertEquals(20, Division.share(61, three, "c"));
    assertEquals(0, Division.share(61, three, "elsewhere"));
  }

  @Test
  void oneAloneHasTheWhole() {
    assertEquals(60, Division.share(60, List.of(node("a")), "a"));
  }
}
