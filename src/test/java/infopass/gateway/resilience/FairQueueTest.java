package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FairQueueTest {
  @Test
  void letsCallersTakeTurnsAndEachOnesItemsLeaveInOrder() {
    // Given
    FairQueue<String> queue = new FairQueue<>(10);
    for (String item : List.of("a1", "a2", "a3", "b1", "c1", "b2")) {
      queue.add(item.substring(0, 1), item);
    }

    // When
    List<String> left = drain(queue);

    // Then
    assertEquals(List.of("a1", "b1", "c1", "a2", "b2", "a3"), left);
    assertNull(queue.peek());
    assertNull(queue.poll());
  }

  @Test
  void takesItemsOutWhereverTheyStand() {
    // Given
    FairQueue<String> queue = new FairQueue<>(10);
    queue.add("a", "a1");
    FairQueue.Place<String> middle = queue.add("a", "a2");
    queue.add("a", "a3");
    FairQueue.Place<String> only = queue.add("b", "b1");

    // When
    boolean first = queue.remove(middle);
    boolean again = queue.remove(middle);
    queue.remove(only);

    // Then
    assertTrue(first);
    assertFalse(again);
    assertEquals(2, queue.size());
    assertEquals(List.of("a1", "a3"), drain(queue));
  }

  @Test
  void theNewestOfTheLargestGivesWayInAFullRoom() {
    // Given
    FairQueue<String> queue = new FairQueue<>(4);
    for (String item : List.of("a1", "a2", "a3", "b1")) {
      queue.add(item.substring(0, 1), item);
    }

    // When
    String own = queue.displaceFor("a");
    String displaced = queue.displaceFor("c");
    queue.add("c", "c1");
    String second = queue.displaceFor("b");

    // Then
    assertNull(own);
    assertEquals("a3", displaced);
    assertNull(second, "a caller with two need not give way to one that would then have two");
    assertThrows(IllegalStateException.class, () -> queue.add("c", "c2"));
  }

  @Test
  void hasNoRoomWhereThereIsNone() {
    // Given
    FairQueue<String> queue = new FairQueue<>(0);

    // When, Then
    assertTrue(queue.isFull());
    assertNull(queue.displaceFor("a"));
    assertEquals(1, queue.turnOfNewcomer("a"));
    assertThrows(IllegalArgumentException.class, () -> new FairQueue<>(-1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void knowsTheTurnOfANewcomerWhateverCameAndWent(long seed) {
    // Given
    Random random = new Random(seed);
    FairQueue<String> queue = new FairQueue<>(40);
    Map<String, Integer> waiting = new HashMap<>();
    List<FairQueue.Place<String>> places = new ArrayList<>();
    List<String> owners = new ArrayList<>();

    for (int i = 0; i < 5_000; i++) {
      // When
      String caller = "caller " + random.nextInt(6);
      int own = waiting.getOrDefault(caller, 0);
      int most = waiting.values().stream().max(Integer::compare).orElse(0);
      if (random.nextInt(3) == 0) {
        String taken = queue.poll();
        waiting.computeIfPresent(taken + "", (name, count) -> count - 1);
      } else if (random.nextInt(4) == 0 && !places.isEmpty()) {
        int index = random.nextInt(places.size());
        String owner = owners.remove(index);
        if (queue.remove(places.remove(index))) {
          waiting.merge(owner, -1, Integer::sum);
        }
      } else if (!queue.isFull()) {
        places.add(queue.add(caller, caller));
        owners.add(caller);
        waiting.merge(caller, 1, Integer::sum);
      } else {
        String displaced = queue.displaceFor(caller);
        assertEquals(own + 1 < most, displaced != null);
        if (displaced != null) {
          assertEquals(most, waiting.merge(displaced, -1, Integer::sum) + 1);
        }
      }

      // Then
      int position = waiting.getOrDefault(caller, 0) + 1;
      int before = waiting.values().stream().mapToInt(count -> Math.min(count, position)).sum();
      assertEquals(before + 1, queue.turnOfNewcomer(caller));
      assertEquals(waiting.values().stream().mapToInt(count -> count).sum(), queue.size());
    }
  }

  private static List<String> drain(FairQueue<String> queue) {
    List<String> left = new ArrayList<>();
    while (queue.size() > 0) {
      String next = queue.peek();
      left.add(queue.poll());
      assertEquals(next, left.get(left.size() - 1));
    }
    return left;
  }
}
