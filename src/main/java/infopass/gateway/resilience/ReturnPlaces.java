package infopass.gateway.resilience;

/**
 * Spreads those who are told to come back over the places to come, one for each, as all of them
 * together would find one place only. After two windows it begins again with the first: most do not
 * come back, and nobody is told an age to wait. Not thread-safe.
 */
final class ReturnPlaces {
  private static final int WINDOWS = 2;

  private boolean any;
  private long last;

  /**
   * Nanoseconds until the next place that nobody was sent to; never less than the wait.
   *
   * @param wait nanoseconds until the first place
   * @param spacing nanoseconds from place to place; 0 if there is no telling
   */
  long next(long now, long wait, long spacing, long window) {
    long first = now + wait;
    long after = last + spacing - first;
    boolean later = any && spacing > 0 && after > 0 && after <= WINDOWS * window;
    any = true;
    last = later ? first + after : first;
    return last - now;
  }
}
