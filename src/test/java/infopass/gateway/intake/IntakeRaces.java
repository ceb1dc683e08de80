package infopass.gateway.intake;

import static infopass.gateway.Race.require;
import static infopass.gateway.Race.together;

import infopass.gateway.Race;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What may happen at once to what all listeners share. */
public final class IntakeRaces {
  private IntakeRaces() {}

  public static List<Race> all() {
    return List.of(
        new Race("never more in flight than the limit", IntakeRaces::neverMoreThanTheLimit),
        new Race("nobody is turned away while a place is free", IntakeRaces::noNeedlessRefusal));
  }

  private static void neverMoreThanTheLimit() {
    InFlight inFlight = new InFlight(2);
    AtomicInteger inside = new AtomicInteger();
    Runnable caller =
        () -> {
          if (inFlight.tryEnter()) {
            require(inside.incrementAndGet() <= 2, "more than two are inside");
            inside.decrementAndGet();
            inFlight.leave();
          }
        };
    together(caller, caller, caller);
    require(inFlight.count() == 0, "places are missing: " + inFlight.count());
  }

  private static void noNeedlessRefusal() {
    InFlight inFlight = new InFlight(1);
    boolean[] otherGotIn = {false};
    boolean[] refused = {false};
    together(
        () -> {
          for (int i = 0; i < 2; i++) {
            if (inFlight.tryEnter()) {
              inFlight.leave();
            } else {
              refused[0] = true;
            }
          }
        },
        () -> otherGotIn[0] = inFlight.tryEnter());
    require(otherGotIn[0] || !refused[0], "refused while nobody was inside");
  }
}
