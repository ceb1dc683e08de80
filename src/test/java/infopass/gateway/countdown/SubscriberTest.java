package infopass.gateway.countdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscriberTest {
  private static final long END = 1_000_000;
  private static final Countdown COUNTDOWN = new Countdown("client", END, Duration.ofSeconds(60));

  /** Notes what it is sent. */
  private static final class Notes implements Sink {
    private final List<String> events = new ArrayList<>();
    private boolean full;

    @Override
    public boolean full() {
      return full;
    }

    @Override
    public void send(String event, long id, String json) {
      events.add(event + ":" + id);
    }

    @Override
    public void beat() {
      events.add("beat");
    }

    @Override
    public void end() {
      events.add("end");
    }

    @Override
    public void goAway() {
      events.add("goAway");
    }

    @Override
    public void drop() {
      events.add("drop");
    }
  }

  private final Notes notes = new Notes();

  private static long before(long millis) {
    return END * 1000 - millis;
  }

  @Test
  void tellsTheRemainingSecondsRoundedDownAtOnceAndOnEachTick() {
    // Given
    Subscriber subscriber = new Subscriber(COUNTDOWN, 1, -1, notes);

    // When
    subscriber.begin(before(599_999));
    subscriber.tick(before(599_000));
    subscriber.tick(before(598_001));

    // Then
    assertEquals(List.of("countdown:599", "countdown:599", "countdown:598"), notes.events);
  }

  @Test
  void whoReconnectsIsToldTheTurningPointUnlessItHasBeen() {
    for (int lastId : new int[] {-1, 600, 61, 60, 59, 1, 0}) {
      // Given: 60 is said of 60.9 s too, which is before
      notes.events.clear();
      Subscriber subscriber = new Subscriber(COUNTDOWN, 1, lastId, notes);

      // When
      subscriber.begin(before(59_500));

      // Then
      boolean seen = lastId >= 0 && lastId < 60;
      assertEquals(
          seen ? List.of("countdown:59") : List.of("countdown:59", "expiring:59"), notes.events);
    }
  }

  @Test
  void tellsOnlyEveryNthSecondButTheTurningPointsAlways() {
    // Given
    Subscriber subscriber = new Subscriber(COUNTDOWN, 7, -1, notes);
    subscriber.begin(before(64_500));

    // When
    for (long second = 63; second >= 0; second--) {
      subscriber.tick(before(second * 1000));
    }

    // Then
    assertEquals("countdown:64", notes.events.get(0));
    assertEquals("countdown:63", notes.events.get(1));
    assertEquals("expiring:60", notes.events.get(2));
    assertEquals("countdown:56", notes.events.get(3));
    assertEquals("expired:0", notes.events.get(notes.events.size() - 2));
    assertEquals("end", notes.events.get(notes.events.size() - 1));
  }

  @Test
  void tellsOfTheNearEndOnceAlsoWhenItBeginsLate() {
    // Given
    Subscriber subscriber = new Subscriber(COUNTDOWN, 1, -1, notes);

    // When
    subscriber.begin(before(30_000));
    subscriber.tick(before(29_000));

    // Then
    assertEquals(List.of("countdown:30", "expiring:30", "countdown:29"), notes.events);
  }

  @Test
  void doesNotRepeatTheNearEndToAReaderThatReconnects() {
    // Given
    Subscriber subscriber = new Subscriber(COUNTDOWN, 1, 55, notes);

    // When
    subscriber.begin(before(30_000));

    // Then
    assertEquals(List.of("countdown:30"), notes.events);
  }

  @Test
  void isNotOverBeforeTheEndNorOpenAfterIt() {
    // Given
    Subscriber subscriber = new Subscriber(COUNTDOWN, 1, -1, notes);
    subscriber.begin(before(2_000));

    // When
    boolean lastMillisecond = subscriber.tick(before(1));
    boolean end = subscriber.tick(before(0));

    // Then
    assertTrue(lastMillisecond);
    assertFalse(end);
    assertEquals(
        List.of("expired:0", "end"),
        notes.events.subList(notes.events.size() - 2, notes.events.size()));
  }

  @Test
  void aSlowReaderMissesTicksAndIsToldWhatIsTrueWhenItReadsAgain() {
    // Given
    Subscriber subscriber = new Subscriber(COUNTDOWN, 1, -1, notes);
    subscriber.begin(before(65_000));
    notes.full = true;

    // When
    for (long second = 64; second > 50; second--) {
      assertTrue(subscriber.tick(before(second * 1000)));
    }
    notes.full = false;
    subscriber.tick(before(50_000));

    // Then
    assertEquals(List.of("countdown:65", "countdown:50", "expiring:50"), notes.events);
  }

  @Test
  void aReaderThatNeverReadsIsDroppedAfterABoundedNumberOfTicks() {
    // Given
    Subscriber subscriber = new Subscriber(COUNTDOWN, 1, -1, notes);
    subscriber.begin(before(600_000));
    notes.full = true;

    // When
    int ticks = 0;
    while (subscriber.tick(before(599_000 - ticks * 1000L))) {
      ticks++;
    }

    // Then
    assertEquals(Subscriber.MAX_MISSED, ticks);
    assertEquals(List.of("countdown:600", "drop"), notes.events);
  }

  @Test
  void givesASignOfLifeWhereTicksAreRare() {
    // Given
    Subscriber subscriber = new Subscriber(COUNTDOWN, 3600, -1, notes);
    subscriber.begin(before(600_000));

    // When
    for (long second = 599; second > 560; second--) {
      subscriber.tick(before(second * 1000));
    }

    // Then
    assertEquals(40 / Subscriber.BEAT_EVERY, notes.events.stream().filter("beat"::equals).count());
  }
}
