package infopass.gateway.load;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * What each subject adds and costs at a constant rate: an open loop, in rounds that are
 * interleaved, so that what else the machine does falls on all alike.
 */
final class PacedRounds {
  private static final int CONNECTIONS = 256;

  /** Before each round, so that connections are there and caches are its own again. */
  private static final Duration REHEARSAL = Duration.ofSeconds(3);

  /** What only the clock's way of sending brings about is compiled in this time. */
  private static final Duration FIRST_REHEARSAL = Duration.ofSeconds(30);

  /**
   * One measurement.
   *
   * @param micros processor time of its process per answer; 0 where it has none
   */
  record Round(Tally tally, double micros) {
    double millis(double percentile) {
      Histogram granted = tally.granted();
      return granted.getValueAtPercentile(percentile) / 1e6;
    }
  }

  /** All of one subject's. */
  record Row(String subject, List<Round> rounds) {
    Spread spread(ToDoubleFunction<Round> value) {
      return Spread.of(rounds.stream().mapToDouble(value));
    }

    Spread millis(double percentile) {
      return spread(round -> round.millis(percentile));
    }

    Spread micros() {
      return spread(Round::micros);
    }

    long granted() {
      return rounds.stream().mapToLong(round -> round.tally().granted().getTotalCount()).sum();
    }

    long failed() {
      return rounds.stream().mapToLong(round -> round.tally().total()).sum() - granted();
    }
  }

  private final Settings settings;
  private final EventLoop loop;
  private final double perSecond;

  PacedRounds(Settings settings, EventLoop loop, double perSecond) {
    this.settings = settings;
    this.loop = loop;
    this.perSecond = perSecond;
  }

  List<Row> run(List<Function<Partner, Subject>> subjects, Partner partner) {
    List<Subject> all = new ArrayList<>();
    try {
      subjects.forEach(subject -> all.add(subject.apply(partner)));
      for (Subject subject : all) {
        WarmUp.of(settings, loop, subject, null);
        driven(subject, FIRST_REHEARSAL);
      }
      Map<String, List<Round>> rounds = new LinkedHashMap<>();
      for (int round = 0; round < settings.rounds(); round++) {
        for (Subject subject : all) {
          rounds
              .computeIfAbsent(subject.name(), first -> new ArrayList<>())
              .add(driven(subject, REHEARSAL));
        }
      }
      return rounds.entrySet().stream()
          .map(entry -> new Row(entry.getKey(), entry.getValue()))
          .toList();
    } finally {
      all.forEach(Subject::close);
    }
  }

  private Round driven(Subject subject, Duration rehearsal) {
    try (Driver driver = new Driver(loop, subject.address(), null, Requests.init(), CONNECTIONS)) {
      driver.openLoop(List.of(new Driver.Step(perSecond, rehearsal)));
      double cpu = subject.cpuSeconds();
      Tally tally = driver.openLoop(List.of(new Driver.Step(perSecond, settings.round())));
      double micros = (subject.cpuSeconds() - cpu) * 1e6 / Math.max(1, tally.total());
      return new Round(tally, micros);
    }
  }
}
