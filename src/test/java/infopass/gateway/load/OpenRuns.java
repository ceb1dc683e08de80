package infopass.gateway.load;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
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
  private static final int WARM_UP_CONNECTIONS = 64;

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
      runs.add(run(scenario, Subject.direct(partner.address()), direct));
      if (scenario.compared()) {
        Subjects.nginx()
            .ifPresent(program -> runs.add(run(scenario, subjects.nginx(program, partner), null)));
        runs.add(run(scenario, subjects.bare(partner), null));
      }
      runs.add(run(scenario, subjects.gateway(partner, scenario.yaml()), null));
    }
    return runs;
  }

  private Run run(Scenario scenario, Subject subject, SslContext tls) {
    try (subject) {
      warmUp(subject, tls);
      try (Driver driver = new Driver(loop, subject.address(), tls, Requests.init(), CONNECTIONS)) {
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

  private void warmUp(Subject subject, SslContext tls) {
    try (Driver driver =
        new Driver(loop, subject.address(), tls, Requests.init(), WARM_UP_CONNECTIONS)) {
      driver.beginClosedLoop();
      Pause.of(settings.warmUp());
      driver.endClosedLoop();
    }
  }
}
