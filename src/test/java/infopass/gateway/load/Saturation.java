package infopass.gateway.load;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a request costs each relay when there is always another one: processor time of its process,
 * in rounds that are interleaved, so that what else the machine does falls on all alike.
 */
final class Saturation {
  /** One measurement. */
  record Round(double perSecond, double userMicros, double systemMicros, double busy, long failed) {
    double micros() {
      return userMicros + systemMicros;
    }
  }

  /** All of one relay's. */
  record Row(String subject, List<Round> rounds) {
    Spread micros() {
      return Spread.of(rounds.stream().mapToDouble(Round::micros));
    }

    double perSecond() {
      return Spread.of(rounds.stream().mapToDouble(Round::perSecond)).median();
    }

    double systemMicros() {
      return Spread.of(rounds.stream().mapToDouble(Round::systemMicros)).median();
    }

    /** How busy its core was. */
    double busy() {
      return rounds.stream().mapToDouble(Round::busy).average().orElse(0);
    }

    long failed() {
      return rounds.stream().mapToLong(Round::failed).sum();
    }
  }

  private final Settings settings;
  private final EventLoop loop;

  Saturation(Settings settings, EventLoop loop) {
    this.settings = settings;
    this.loop = loop;
  }

  List<Row> run(List<Function<Partner, Subject>> relays, Partner partner) {
    List<Subject> all = new ArrayList<>();
    Map<Subject, Driver> drivers = new LinkedHashMap<>();
    try {
      relays.forEach(relay -> all.add(relay.apply(partner)));
      for (Subject subject : all) {
        drivers.put(
            subject,
            new Driver(loop, subject.address(), null, Requests.init(), settings.connections()));
        drivers.get(subject).beginClosedLoop();
        Pause.of(settings.warmUp());
        drivers.get(subject).endClosedLoop();
      }
      Map<Subject, List<Round>> rounds = new LinkedHashMap<>();
      for (int round = 0; round < settings.rounds(); round++) {
        for (Subject subject : all) {
          rounds
              .computeIfAbsent(subject, first -> new ArrayList<>())
              .add(measured(subject, drivers.get(subject)));
        }
      }
      return rounds.entrySet().stream()
          .map(entry -> new Row(entry.getKey().name(), entry.getValue()))
          .toList();
    } finally {
      drivers.values().forEach(Driver::close);
      all.forEach(Subject::close);
    }
  }

  private Round measured(Subject subject, Driver driver) {
    Optional<Child> process = subject.process();
    ProcFile proc = new ProcFile(process.orElseThrow().pid());
    driver.beginClosedLoop();
    Pause.of(settings.round().dividedBy(6));
    long answers = driver.answered();
    double user = proc.userSeconds();
    double system = proc.systemSeconds();
    long begun = System.nanoTime();
    Pause.of(settings.round());
    answers = driver.answered() - answers;
    user = proc.userSeconds() - user;
    system = proc.systemSeconds() - system;
    double seconds = (System.nanoTime() - begun) / 1e9;
    Tally tally = driver.endClosedLoop();
    return new Round(
        answers / seconds,
        user * 1e6 / answers,
        system * 1e6 / answers,
        (user + system) / seconds,
        tally.total() - tally.kinds().getOrDefault("200", 0L));
  }
}
