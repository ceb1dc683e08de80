package infopass.gateway.resilience;

/**
 * What a refusal teaches of a partner's quota: how many calls went well before it, held against
 * what is believed and against the refusal before. Not thread-safe.
 */
final class QuotaLessons {
  private static final int FEW = 10;

  /** A window that was measured is taken for a longer one only if it is longer by more. */
  private static final double AS_LONG = 1.1;

  private int lastGranted;
  private boolean limitIsCount;

  /**
   * What went before a refusal.
   *
   * @param used calls of the window that were not refused
   * @param inRun those of the busy run
   * @param whole whether the busy run began within the window
   * @param window the window that the run and the hold let suspect, or the default
   */
  record Seen(int used, int inRun, boolean whole, long window) {}

  /** Forgets what went before. */
  void forget() {
    lastGranted = 0;
  }

  /**
   * A refusal while no limit was believed.
   *
   * @param beyond whether more was sent than is suspected to be the limit
   * @param freePer the window to assume where nothing is known
   */
  QuotaBelief learn(QuotaBelief before, Seen seen, boolean beyond, long freePer) {
    QuotaBelief next = next(before, seen, beyond, freePer);
    boolean confirmed = next.state() == QuotaBelief.State.CONFIRMED;
    limitIsCount = true;
    lastGranted = seen.whole() && !confirmed ? seen.inRun() : seen.used();
    return next;
  }

  private QuotaBelief next(QuotaBelief before, Seen seen, boolean beyond, long freePer) {
    if (before.state() == QuotaBelief.State.SUSPECTED) {
      if (beyond && seen.whole() && similar(seen.inRun(), before.limit())) {
        // A window that is much longer than it seemed: the first run began in the midst of it.
        boolean longer = seen.window() > before.per() * AS_LONG;
        return QuotaBelief.confirmed(seen.inRun(), longer ? seen.window() : before.per());
      }
      if (similar(seen.used(), before.limit())) {
        return QuotaBelief.confirmed(seen.used(), before.per());
      }
    }
    int granted = seen.whole() ? seen.inRun() : seen.used();
    boolean seenBefore = lastGranted > 0 && similar(granted, lastGranted);
    return granted < FEW && !seenBefore
        ? QuotaBelief.slowStart(freePer)
        : QuotaBelief.suspected(granted, seen.whole() ? seen.window() : before.per());
  }

  /**
   * A refusal of what was thought to be allowed.
   *
   * @param raised whether the limit was raised to see whether it has become higher
   * @return whether the limit is to be lowered to what was granted
   */
  boolean lowers(int limit, int used, boolean raised) {
    boolean again = lastGranted > 0 && similar(used, lastGranted);
    limitIsCount = !raised && (similar(used, limit) || again);
    lastGranted = used;
    return limitIsCount;
  }

  /** A refusal with nothing granted since the last one: no count to learn from. */
  void nothing() {
    limitIsCount = false;
  }

  /** One of the calls that were counted was refused too; true if the limit is that count. */
  boolean oneLess() {
    lastGranted = Math.max(0, lastGranted - 1);
    return limitIsCount;
  }

  private static boolean similar(int a, int b) {
    return Math.abs(a - b) <= Math.max(2, b / 4);
  }
}
