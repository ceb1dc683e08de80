package infopass.gateway.management;

import java.util.List;

/** Fixed buckets of time, and the quantiles that can be told from counts in them. Stateless. */
public final class Latencies {
  /** Upper bounds of the buckets, in milliseconds; beyond the last there is one more bucket. */
  public static final List<Integer> BOUNDS_MILLIS =
      List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000);

  private static final long[] BOUNDS_NANOS =
      BOUNDS_MILLIS.stream().mapToLong(millis -> millis * 1_000_000L).toArray();

  private Latencies() {}

  /** Which bucket a time falls into: the first whose bound it does not exceed. */
  static int bucketOf(long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /**
   * The time in milliseconds that this share of the counted times did not exceed, as if times were
   * spread evenly within each bucket; the last bound for what is beyond it.
   *
   * @param share above 0 and at most 1
   * @return -1 where nothing was counted
   */
  public static double quantileMillis(long[] counts, double share) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    if (total == 0) {
      return -1;
    }
    double rank = share * total;
    long below = 0;
    for (int i = 0; i < BOUNDS_MILLIS.size(); i++) {
      if (counts[i] > 0 && below + counts[i] >= rank) {
        double lower = i == 0 ? 0 : BOUNDS_MILLIS.get(i - 1);
        return lower + (BOUNDS_MILLIS.get(i) - lower) * (rank - below) / counts[i];
      }
      below += counts[i];
    }
    return BOUNDS_MILLIS.get(BOUNDS_MILLIS.size() - 1);
  }
}
