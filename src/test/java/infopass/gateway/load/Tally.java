package infopass.gateway.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What became of the requests of one run, second by second. For the driver's event loop. */
final class Tally {
  private static final long LONGEST_NANOS = 120_000_000_000L;

  /** One second's answers, by when they were due. */
  static final class Second {
    private final Histogram granted = new Histogram(LONGEST_NANOS, 2);
    private long failed;

    Histogram granted() {
      return granted;
    }

    long failed() {
      return failed;
    }
  }

  private final long begun;
  private final Histogram granted = new Histogram(LONGEST_NANOS, 3);
  private final Histogram denied = new Histogram(LONGEST_NANOS, 3);
  private final Map<String, Long> kinds = new TreeMap<>();
  private final List<Second> seconds = new ArrayList<>();

  Tally(long begunNanos) {
    begun = begunNanos;
  }

  void answered(int status, long dueNanos, long nowNanos) {
    long took = Math.min(LONGEST_NANOS, Math.max(0, nowNanos - dueNanos));
    Second second = second(dueNanos);
    kinds.merge(Integer.toString(status), 1L, Long::sum);
    if (status == 200) {
      granted.recordValue(took);
      second.granted.recordValue(took);
    } else {
      denied.recordValue(took);
      second.failed++;
    }
  }

  void lost(String kind, long dueNanos) {
    kinds.merge(kind, 1L, Long::sum);
    second(dueNanos).failed++;
  }

  private Second second(long dueNanos) {
    int at = (int) Math.max(0, (dueNanos - begun) / 1_000_000_000L);
    while (seconds.size() <= at) {
      seconds.add(new Second());
    }
    return seconds.get(at);
  }

  /** Answers with status 200, from when each was due. */
  Histogram granted() {
    return granted;
  }

  /** Answers with another status. */
  Histogram denied() {
    return denied;
  }

  /** How many of each status, and of what was no answer. */
  Map<String, Long> kinds() {
    return kinds;
  }

  List<Second> seconds() {
    return seconds;
  }

  long total() {
    return kinds.values().stream().mapToLong(Long::longValue).sum();
  }
}
