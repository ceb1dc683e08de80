package infopass.gateway.load;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs a scenario against each of its subjects. */
final class OpenRuns {
  /**
   * What came of one subject.
   *
   * @param cpuMicros processor time of its process per answer; 0 where it has none
   */
  record Run(String subject, Tally tally, List<Series.Look> looks, double cpuMicros) {}

  private static final int CONNECTIONS = 512;
  private static final Duration REHEARSAL = Duration.ofSeconds(30);

  private final Settings settings;
  private final EventLoop loop;

  OpenRuns(Settings settings, EventLoop loop) {
    this.settings = settings;
    this.loop = loop;
  }

  List<Run> run(Scenario scenario, Subjects subjects, Partners partners) {
    List<Run> runs = new ArrayList<>();
    try (Partner partner = scenario.partner().apply(partners)) {
      SslContext direct = partner.certificate() == null ? null : partners.trusting();
      runs.add(run(scenario.brief(), Subject.direct(partner.address()), direct));
      if (scenario.compared()) {
        subjects
            .plainRelays()
            .forEach(relay -> runs.add(run(scenario, relay.apply(partner), null)));
      }
      runs.add(run(scenario, subjects.gateway(partner, scenario.yaml()), null));
    }
    return runs;
  }

  private Run run(Scenario scenario, Subject subject, SslContext tls) {
    try (subject) {
      WarmUp.of(settings, loop, subject, tls);
      try (Driver driver = new Driver(loop, subject.address(), tls, Requests.init(), CONNECTIONS)) {
        // What only the clock's way of sending brings about is compiled now, not while measured.
        driver.openLoop(List.of(new Driver.Step(scenario.steps().get(0).perSecond(), REHEARSAL)));
        double cpu = subject.cpuSeconds();
        Series series = new Series(subject);
        Tally tally;
        try (series) {
          tally = driver.openLoop(scenario.steps());
        }
        double micros = (subject.cpuSeconds() - cpu) * 1e6 / Math.max(1, tally.total());
        return new Run(subject.name(), tally, series.looks(), micros);
      }
    }
  }
}
