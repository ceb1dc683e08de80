package infopass.gateway.management;

import infopass.gateway.digilocker.Problem;
import infopass.gateway.http.AnswerListener;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Counts the answers of the last minute by second: how many, which problems, how long inits took.
 * Each listener instance counts in a lane of its own, so that no two event loops write to the same
 * place and counting allocates nothing. Thread-safe.
 */
public final class AnswerCounts {
  /** How far back is told, in seconds. */
  public static final int SECONDS = 60;

  private static final int SLOTS = 64;
  private static final Problem[] PROBLEMS = Problem.values();
  private static final int BOUNDS = Latencies.BOUNDS_MILLIS.size();
  private static final int ALL = 0;
  private static final int INITS = 1;
  private static final int FIRST_PROBLEM = 2;
  private static final int FIRST_BOUND = FIRST_PROBLEM + PROBLEMS.length;
  private static final int WIDTH = FIRST_BOUND + BOUNDS + 1;

  private final String initRoute;
  private final LongSupplier nanoTime;
  private final long origin;
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();

  /**
   * @param initRoute the route whose times are told
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public AnswerCounts(String initRoute, LongSupplier nanoTime) {
    this.initRoute = initRoute;
    this.nanoTime = nanoTime;
    this.origin = nanoTime.getAsLong();
  }

  /** A lane for one listener instance. */
  public AnswerListener lane() {
    Lane lane = new Lane();
    lanes.add(lane);
    return lane;
  }

  /**
   * The last full minute, without the second that is running; the oldest second first.
   *
   * @param answers all answers, by second
   * @param inits those to inits, by second
   * @param failures those with a problem of status 500 and above, by second
   * @param problems answers by problem, in the order of {@link Problem#values()}
   * @param initTimes inits by time, one count for each bound and one for those beyond
   */
  public record Minute(
      long[] answers, long[] inits, long[] failures, long[] problems, long[] initTimes) {}

  /** What was counted in the last minute. */
  public Minute lastMinute() {
    long now = second();
    Minute sum =
        new Minute(
            new long[SECONDS],
            new long[SECONDS],
            new long[SECONDS],
            new long[PROBLEMS.length],
            new long[BOUNDS + 1]);
    for (Lane lane : lanes) {
      for (int i = 0; i < SECONDS; i++) {
        lane.addTo(sum, i, now - SECONDS + i);
      }
    }
    return sum;
  }

  private long second() {
    return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - origin);
  }

  /** Written by one event loop, read by any thread. */
  private final class Lane implements AnswerListener {
    private final AtomicLongArray counts = new AtomicLongArray(SLOTS * WIDTH);
    private final AtomicLongArray stamps = new AtomicLongArray(SLOTS);

    @Override
    public void answered(
        String route, HttpMethod method, int status, Optional<Problem> failed, long nanos) {
      Problem problem = failed.orElse(null);
      long second = second();
      int slot = (int) (second % SLOTS);
      int base = slot * WIDTH;
      // Stamps are seconds plus one: the zeros of the beginning belong to no second.
      if (stamps.getPlain(slot) != second + 1) {
        stamps.setRelease(slot, 0);
        for (int i = 0; i < WIDTH; i++) {
          counts.setOpaque(base + i, 0);
        }
        stamps.setRelease(slot, second + 1);
      }
      add(base + ALL);
      if (problem != null) {
        add(base + FIRST_PROBLEM + problem.ordinal());
      }
      if (initRoute.equals(route)) {
        add(base + INITS);
        add(base + FIRST_BOUND + Latencies.bucketOf(nanos));
      }
    }

    private void add(int at) {
      counts.setRelease(at, counts.getPlain(at) + 1);
    }

    void addTo(Minute sum, int at, long second) {
      if (second < 0 || stamps.getAcquire((int) (second % SLOTS)) != second + 1) {
        return;
      }
      int base = (int) (second % SLOTS) * WIDTH;
      sum.answers()[at] += counts.getAcquire(base + ALL);
      sum.inits()[at] += counts.getAcquire(base + INITS);
      for (Problem problem : PROBLEMS) {
        long count = counts.getAcquire(base + FIRST_PROBLEM + problem.ordinal());
        sum.problems()[problem.ordinal()] += count;
        sum.failures()[at] += problem.status() >= 500 ? count : 0;
      }
      for (int i = 0; i <= BOUNDS; i++) {
        sum.initTimes()[i] += counts.getAcquire(base + FIRST_BOUND + i);
      }
    }
  }
}
