package infopass.gateway.load;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The load test: what the gateway costs and adds, beside the partner without it, nginx and a bare
 * Vert.x relay, in one run on one machine. Leaves a report behind. Run on demand, see the
 * performance document; Linux only.
 */
public final class LoadTest {
  private final Settings settings = new Settings();
  private final Cores cores = new Cores();
  private final Subjects subjects = new Subjects(settings, cores);
  private final LoadReport report = new LoadReport(facts());

  private LoadTest() {}

  public static void main(String[] args) {
    Score.quietLogs();
    new LoadTest().run();
  }

  private void run() {
    cores.moveSelf();
    Partners partners = new Partners(settings, cores);
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try {
      EventLoop loop = group.next();
      saturation(
          "saturation",
          "Most that is served, plain HTTP",
          () -> partners.fixed(loop, false),
          subjects.relays(),
          loop);
      saturation(
          "saturation-tls",
          "Most that is served, TLS to the partner",
          () -> partners.fixed(loop, true),
          subjects.relays(),
          loop);
      saturation(
          "saturation-cluster",
          "Most that is served, alone and in a cluster",
          () -> partners.fixed(loop, false),
          subjects.clusterOffAndOn(),
          loop);
      paced(
          "latency",
          2_000,
          "2,000 requests a second, a partner that takes 20 ms",
          () -> partners.slow(loop, Duration.ofMillis(20)),
          subjects.directAndRelays(),
          loop);
      paced(
          "rate-cluster",
          1_500,
          "1,500 requests a second, alone and in a cluster",
          () -> partners.slow(loop, Duration.ofMillis(20)),
          subjects.clusterOffAndOn(),
          loop);
      OpenRuns runs = new OpenRuns(settings, group.next());
      for (Scenario scenario : Scenario.all(settings)) {
        if (settings.runs(scenario.id())) {
          List<OpenRuns.Run> done = runs.run(scenario, subjects, partners);
          report.open(scenario, done);
          done.forEach(run -> print(scenario, run));
          write();
        }
      }
    } finally {
      group.shutdownGracefully();
    }
    System.out.println("report: " + settings.file("report.html"));
  }

  private void saturation(
      String id,
      String title,
      Supplier<Partner> fixed,
      List<Function<Partner, Subject>> relays,
      EventLoop loop) {
    if (!settings.runs(id)) {
      return;
    }
    try (Partner partner = fixed.get()) {
      List<Saturation.Row> rows = new Saturation(settings, loop).run(relays, partner);
      report.saturation(title, rows);
      rows.forEach(row -> print(id, row));
      write();
    }
  }

  private void paced(
      String id,
      double perSecond,
      String title,
      Supplier<Partner> fixed,
      List<Function<Partner, Subject>> all,
      EventLoop loop) {
    if (!settings.runs(id)) {
      return;
    }
    try (Partner partner = fixed.get()) {
      List<PacedRounds.Row> rows = new PacedRounds(settings, loop, perSecond).run(all, partner);
      report.paced(title, rows);
      rows.forEach(row -> print(id, row));
      write();
    }
  }

  private static void print(String id, PacedRounds.Row row) {
    System.out.printf(
        Locale.ROOT,
        "%-18s %-20s p50 %s  p99 %s  p99.9 %s ms  %s us/answer  granted %s  failed %s%n",
        id,
        row.subject(),
        text(row.millis(50)),
        text(row.millis(99)),
        text(row.millis(99.9)),
        text(row.micros()),
        row.granted(),
        row.failed());
  }

  private static String text(Spread spread) {
    return String.format(
        Locale.ROOT, "%.1f (%.1f to %.1f)", spread.median(), spread.least(), spread.most());
  }

  private static void print(String id, Saturation.Row row) {
    System.out.printf(
        Locale.ROOT,
        "%-18s %-20s %6.1f us/request (%.1f to %.1f, %.1f in the kernel)  %6.0f/s  core %3.0f %%"
            + "  failed %s%n",
        id,
        row.subject(),
        row.micros().median(),
        row.micros().least(),
        row.micros().most(),
        row.systemMicros(),
        row.perSecond(),
        100 * row.busy(),
        row.failed());
  }

  private static void print(Scenario scenario, OpenRuns.Run run) {
    System.out.printf(
        Locale.ROOT,
        "%-15s %-12s p50 %.2f  p99 %.2f  p99.9 %.2f  max %.2f ms  %.0f us/answer  %.0f MiB  %s%n",
        scenario.id(),
        run.subject(),
        run.tally().granted().getValueAtPercentile(50) / 1e6,
        run.tally().granted().getValueAtPercentile(99) / 1e6,
        run.tally().granted().getValueAtPercentile(99.9) / 1e6,
        run.tally().granted().getMaxValue() / 1e6,
        run.cpuMicros(),
        run.looks().stream().mapToDouble(Series.Look::residentMiB).max().orElse(0),
        run.tally().kinds());
  }

  private void write() {
    settings.write("report.html", report.page());
  }

  private Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("When", Instant.now().toString());
    facts.put(
        "Machine", processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
    facts.put("System", System.getProperty("os.name") + ' ' + System.getProperty("os.version"));
    facts.put("Load before", read(Path.of("/proc/loadavg")));
    facts.put(
        "Cores",
        cores.apart()
            ? "the relay alone on the first, driver and partner on the second"
            : "shared by all: figures are rough");
    facts.put("Gateway on", String.join(" ", settings.javaCommand()));
    facts.put("Flags", String.join(" ", settings.gatewayFlags()));
    facts.put("Driver on", "Java " + System.getProperty("java.version"));
    facts.put("nginx", Nginx.program().map(Path::toString).orElse("not installed"));
    facts.put(
        "Rounds",
        settings.rounds()
            + " of "
            + settings.round().toSeconds()
            + " s, after "
            + settings.warmUp().toSeconds()
            + " s of warm-up; at saturation on "
            + settings.connections()
            + " connections");
    return facts;
  }

  private static String processor() {
    return read(Path.of("/proc/cpuinfo"))
        .lines()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
