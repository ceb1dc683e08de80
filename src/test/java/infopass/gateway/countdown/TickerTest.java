package infopass.gateway.countdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.FakeClock;
import infopass.gateway.RunningGateway;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TickerTest {
  private final FakeClock clock = new FakeClock(Instant.ofEpochSecond(1_000_000));
  private Vertx vertx;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void close() {
    RunningGateway.await(vertx.close());
  }

  /** Notes what it is sent, and may be broken. */
  private static final class Notes implements Sink {
    private final List<String> events = new ArrayList<>();
    private boolean broken;

    @Override
    public boolean full() {
      if (broken) {
        throw new IllegalStateException("closed");
      }
      return false;
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
      if (broken) {
        throw new IllegalStateException("closed");
      }
      events.add("goAway");
    }

    @Override
    public void drop() {
      events.add("drop");
    }
  }

  private static Subscriber subscriber(Notes notes) {
    return new Subscriber(new Countdown("client", 1_000_600, Duration.ofSeconds(60)), 1, -1, notes);
  }

  private void onLoop(Runnable action) {
    Promise<Void> done = Promise.promise();
    vertx.runOnContext(
        v -> {
          action.run();
          done.complete();
        });
    RunningGateway.await(done.future());
  }

  @Test
  void aStreamThatCannotBeWrittenToEndsAloneAndTheOthersGoOn() {
    List<Notes> all = new ArrayList<>();
    onLoop(
        () -> {
          // Given
          Ticker ticker = new Ticker(vertx, clock);
          for (int i = 0; i < 10; i++) {
            all.add(new Notes());
            assertTrue(ticker.add(subscriber(all.get(i))));
          }
          all.get(3).broken = true;

          // When
          for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofSeconds(1));
            ticker.tick();
          }
        });

    // Then
    for (int i = 0; i < 10; i++) {
      List<String> expected =
          i == 3
              ? List.of("countdown:600", "drop")
              : List.of("countdown:600", "countdown:599", "countdown:598", "countdown:597");
      assertEquals(expected, all.get(i).events, "stream " + i);
    }
  }

  @Test
  void aDrainEndsAllStreamsAndThoseThatComeLate() {
    // Given
    Notes good = new Notes();
    Notes bad = new Notes();
    Notes late = new Notes();
    Ticker[] ticker = {null};
    onLoop(
        () -> {
          ticker[0] = new Ticker(vertx, clock);
          ticker[0].add(subscriber(bad));
          ticker[0].add(subscriber(good));
          bad.broken = true;
        });

    // When
    RunningGateway.await(ticker[0].drain());
    onLoop(() -> ticker[0].add(subscriber(late)));

    // Then
    assertEquals(List.of("countdown:600", "drop"), bad.events);
    assertEquals(List.of("countdown:600", "goAway"), good.events);
    assertEquals(List.of("countdown:600", "goAway"), late.events);
  }
}
