package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.resilience.Bulkhead.Ticket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BulkheadTest {
  private final List<String> granted = new ArrayList<>();

  @Test
  void grantsAFreePermitBeforeAcquireReturns() {
    // Given
    Bulkhead bulkhead = new Bulkhead(1, 0);

    // When
    Ticket ticket = acquire(bulkhead, "a");

    // Then
    assertNotNull(ticket);
    assertEquals(List.of("a"), granted);
    assertEquals(1, bulkhead.inUse());
  }

  @Test
  void refusesWhenNeitherAPermitNorAPlaceIsFree() {
    // Given
    Bulkhead bulkhead = new Bulkhead(1, 1);
    acquire(bulkhead, "a");
    acquire(bulkhead, "b");

    // When
    Ticket refused = acquire(bulkhead, "c");

    // Then
    assertNull(refused);
    assertEquals(List.of("a"), granted);
    assertEquals(1, bulkhead.waiting());
  }

  @Test
  void grantsInTheOrderOfArrival() {
    // Given
    Bulkhead bulkhead = new Bulkhead(1, 3);
    Ticket first = acquire(bulkhead, "a");
    Ticket second = acquire(bulkhead, "b");
    acquire(bulkhead, "c");

    // When
    first.release();
    second.release();

    // Then
    assertEquals(List.of("a", "b", "c"), granted);
    assertEquals(1, bulkhead.inUse());
    assertEquals(0, bulkhead.waiting());
  }

  @Test
  void givesAPermitBackOnlyOnce() {
    // Given
    Bulkhead bulkhead = new Bulkhead(1, 2);
    Ticket first = acquire(bulkhead, "a");
    acquire(bulkhead, "b");
    acquire(bulkhead, "c");

    // When
    first.release();
    first.release();

    // Then
    assertEquals(List.of("a", "b"), granted);
    assertEquals(1, bulkhead.inUse());
  }

  @Test
  void skipsATicketThatStoppedWaitingAndFreesItsPlace() {
    // Given
    Bulkhead bulkhead = new Bulkhead(1, 2);
    Ticket first = acquire(bulkhead, "a");
    Ticket second = acquire(bulkhead, "b");
    acquire(bulkhead, "c");

    // When
    boolean left = second.cancel();

    // Then
    assertTrue(left);
    assertNotNull(acquire(bulkhead, "d"));
    first.release();
    assertEquals(List.of("a", "c"), granted);
  }

  @Test
  void cancelsOnlyWhatStillWaits() {
    // Given
    Bulkhead bulkhead = new Bulkhead(1, 1);
    Ticket holding = acquire(bulkhead, "a");
    Ticket waiting = acquire(bulkhead, "b");

    // When, Then
    assertFalse(holding.cancel());
    assertEquals(1, bulkhead.inUse());
    assertTrue(waiting.cancel());
    assertFalse(waiting.cancel());
    holding.release();
    assertFalse(holding.cancel());
    assertEquals(0, bulkhead.inUse() + bulkhead.waiting());
  }

  @Test
  void letsAWaitingTicketLeaveTheQueueByReleasingIt() {
    // Given
    Bulkhead bulkhead = new Bulkhead(1, 1);
    Ticket holding = acquire(bulkhead, "a");
    Ticket waiting = acquire(bulkhead, "b");

    // When
    waiting.release();

    // Then
    assertEquals(0, bulkhead.waiting());
    holding.release();
    assertEquals(List.of("a"), granted);
  }

  @Test
  void handsTheTicketToACallbackThatReleasesAtOnce() {
    // Given
    Bulkhead bulkhead = new Bulkhead(1, 0);
    List<Ticket> seen = new ArrayList<>();

    // When
    Ticket ticket =
        bulkhead.acquire(
            mine -> {
              seen.add(mine);
              mine.release();
            });

    // Then
    assertSame(ticket, seen.get(0));
    assertEquals(0, bulkhead.inUse());
  }

  @Test
  void doesNotDeepenTheStackWhenEveryGrantedTicketReleasesAtOnce() {
    // Given
    Bulkhead bulkhead = new Bulkhead(1, 100_000);
    int[] runs = {0};
    Ticket first = acquire(bulkhead, "a");
    for (int i = 0; i < 100_000; i++) {
      bulkhead.acquire(
          ticket -> {
            runs[0]++;
            ticket.release();
          });
    }

    // When
    first.release();

    // Then
    assertEquals(100_000, runs[0]);
    assertEquals(0, bulkhead.inUse() + bulkhead.waiting());
  }

  @Test
  void letsNobodyOvertakeWhilePermitsAreHandedOn() {
    // Given: the first in line gives its permit back and asks again, with another behind it
    Bulkhead bulkhead = new Bulkhead(1, 2);
    Ticket first = acquire(bulkhead, "a");
    bulkhead.acquire(
        ticket -> {
          granted.add("b");
          ticket.release();
          acquire(bulkhead, "again");
        });
    Ticket third = acquire(bulkhead, "c");

    // When
    first.release();
    third.release();

    // Then
    assertEquals(List.of("a", "b", "c", "again"), granted);
  }

  @Test
  void countsAPermitThatIsBeingHandedOnAsAPlaceInTheQueue() {
    // Given: a full queue, whose head frees its permit before the next has taken it
    Bulkhead bulkhead = new Bulkhead(1, 1);
    List<Ticket> asked = new ArrayList<>();
    Ticket first = acquire(bulkhead, "a");
    bulkhead.acquire(
        ticket -> {
          asked.add(acquire(bulkhead, "c"));
          ticket.release();
          asked.add(acquire(bulkhead, "d"));
          asked.add(acquire(bulkhead, "e"));
        });

    // When
    first.release();

    // Then
    assertNotNull(asked.get(0));
    assertNotNull(asked.get(1));
    assertNull(asked.get(2));
    assertEquals(List.of("a", "c"), granted);
    assertEquals(1, bulkhead.waiting());
  }

  @Test
  void keepsThePermitOfACallbackThatThrowsInsideAcquire() {
    // Given
    Bulkhead bulkhead = new Bulkhead(1, 0);

    // When
    assertThrows(IllegalStateException.class, () -> bulkhead.acquire(BulkheadTest::fail));

    // Then
    assertEquals(0, bulkhead.inUse());
    assertNotNull(acquire(bulkhead, "a"));
  }

  @Test
  void keepsThePermitOfAQueuedCallbackThatThrowsAndSparesWhoReleased() {
    // Given
    Bulkhead bulkhead = new Bulkhead(1, 3);
    Ticket first = acquire(bulkhead, "a");
    bulkhead.acquire(BulkheadTest::fail);
    bulkhead.acquire(BulkheadTest::fail);
    acquire(bulkhead, "b");

    // When
    List<String> reported = uncaughtDuring(first::release);

    // Then
    assertEquals(List.of("broken", "broken"), reported);
    assertEquals(List.of("a", "b"), granted);
    assertEquals(1, bulkhead.inUse());
  }

  @Test
  void doesNotCountAPermitTwiceIfACallbackReleasesAndThenThrows() {
    // Given
    Bulkhead bulkhead = new Bulkhead(2, 1);
    acquire(bulkhead, "a");

    // When
    assertThrows(
        IllegalStateException.class,
        () ->
            bulkhead.acquire(
                ticket -> {
                  ticket.release();
                  fail();
                }));

    // Then
    assertEquals(1, bulkhead.inUse());
  }

  @Test
  void refusesSettingsOutOfRangeAndTakesTheLargest() {
    assertThrows(IllegalArgumentException.class, () -> new Bulkhead(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Bulkhead(1, -1));
    assertThrows(NullPointerException.class, () -> new Bulkhead(1, 0).acquire((Runnable) null));
    assertNotNull(acquire(new Bulkhead(Integer.MAX_VALUE, Integer.MAX_VALUE), "a"));
  }

  @Test
  void agreesWithANaiveModelWhateverHappens() {
    for (int seed = 0; seed < 200; seed++) {
      compareWithModel(new Random(seed));
    }
  }

  private static void compareWithModel(Random random) {
    // Given
    int permits = 1 + random.nextInt(4);
    int maxWaiting = random.nextInt(6);
    Bulkhead bulkhead = new Bulkhead(permits, maxWaiting);
    Model model = new Model(permits, maxWaiting);
    List<Integer> order = new ArrayList<>();
    Map<Integer, Ticket> tickets = new HashMap<>();

    for (int id = 0; id < 500; id++) {
      // When
      int mine = id;
      int other = random.nextInt(Math.max(1, id));
      switch (random.nextInt(3)) {
        case 0 -> {
          Ticket ticket = bulkhead.acquire(() -> order.add(mine));
          assertEquals(model.acquire(mine), ticket != null);
          tickets.put(mine, ticket);
        }
        case 1 -> {
          if (tickets.get(other) != null) {
            tickets.get(other).release();
            model.release(other);
          }
        }
        default -> {
          if (tickets.get(other) != null) {
            assertEquals(model.waiting.remove((Integer) other), tickets.get(other).cancel());
          }
        }
      }

      // Then
      assertEquals(model.order, order);
      assertEquals(model.holding.size(), bulkhead.inUse());
      assertEquals(model.waiting.size(), bulkhead.waiting());
    }
  }

  private Ticket acquire(Bulkhead bulkhead, String name) {
    return bulkhead.acquire(() -> granted.add(name));
  }

  private static void fail() {
    throw new IllegalStateException("broken");
  }

  private static List<String> uncaughtDuring(Runnable action) {
    List<String> messages = new ArrayList<>();
    Thread thread = Thread.currentThread();
    Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    thread.setUncaughtExceptionHandler((where, thrown) -> messages.add(thrown.getMessage()));
    try {
      action.run();
    } finally {
      thread.setUncaughtExceptionHandler(before);
    }
    return messages;
  }

  /** The same rules with plain lists. */
  private static final class Model {
    private final int permits;
    private final int maxWaiting;
    private final List<Integer> holding = new ArrayList<>();
    private final List<Integer> waiting = new ArrayList<>();
    private final List<Integer> order = new ArrayList<>();

    Model(int permits, int maxWaiting) {
      this.permits = permits;
      this.maxWaiting = maxWaiting;
    }

    boolean acquire(Integer id) {
      if (holding.size() == permits && waiting.size() == maxWaiting) {
        return false;
      }
      waiting.add(id);
      grant();
      return true;
    }

    void release(Integer id) {
      waiting.remove(id);
      holding.remove(id);
      grant();
    }

    private void grant() {
      while (holding.size() < permits && !waiting.isEmpty()) {
        Integer next = waiting.remove(0);
        holding.add(next);
        order.add(next);
      }
    }
  }
}
