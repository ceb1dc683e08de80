package infopass.gateway;

/** Shares a total out over instances, as evenly as whole numbers allow. */
final class Shares {
  private Shares() {}

  /**
   * The share of one instance, at least {@code minimum}.
   *
   * @param index of the instance, from 0
   */
  static int of(int total, int instances, int index, int minimum) {
    int share = total / instances + (index < total % instances ? 1 : 0);
    return Math.max(minimum, share);
  }
}
