package infopass.gateway.countdown;

import static infopass.gateway.Race.require;
import static infopass.gateway.Race.together;

import infopass.gateway.Race;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What may happen at once to what the ledgers of all event loops share. A ledger itself belongs to
 * one loop, and there is no hand-over between them.
 */
public final class CountdownRaces {
  private CountdownRaces() {}

  public static List<Race> all() {
    return List.of(
        new Race("never more sessions watched than the limit", CountdownRaces::neverMore),
        new Race("no session goes unwatched while there is room", CountdownRaces::noNeedless));
  }

  private static void neverMore() {
    WatchLimit limit = new WatchLimit(2);
    AtomicInteger watched = new AtomicInteger();
    Runnable ledger =
        () -> {
          if (limit.tryEnter()) {
            require(watched.incrementAndGet() <= 2, "more than two are watched");
            watched.decrementAndGet();
            limit.leave(1);
          }
        };
    together(ledger, ledger, ledger);
    require(limit.watched() == 0, "places are missing: " + limit.watched());
  }

  private static void noNeedless() {
    WatchLimit limit = new WatchLimit(1);
    boolean[] otherGotIn = {false};
    boolean[] refused = {false};
    together(
        () -> {
          for (int i = 0; i < 2; i++) {
            if (limit.tryEnter()) {
              limit.leave(1);
            } else {
              refused[0] = true;
            }
          }
        },
        () -> otherGotIn[0] = limit.tryEnter());
    require(otherGotIn[0] || !refused[0], "refused while nothing was watched");
  }
}
