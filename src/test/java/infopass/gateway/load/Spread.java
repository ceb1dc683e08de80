package infopass.gateway.load;

import java.util.stream.DoubleStream;

/** What several rounds of the same came to. */
record Spread(double median, double least, double most) {
  static Spread of(DoubleStream rounds) {
    double[] sorted = rounds.sorted().toArray();
    double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }
}
