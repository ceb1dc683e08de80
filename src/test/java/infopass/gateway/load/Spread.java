package infopass.gateway.load;

import java.util.stream.DoubleStream;

/** What several rounds of the same came to. */
record Spread(double median, double least, double most) {
  static Spread of(DoubleStream rounds) {
    double[] sorted = rounds.sorted().toArray();
    return new Spread(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }
}
