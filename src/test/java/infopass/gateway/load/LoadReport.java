package infopass.gateway.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** The page that a load test leaves behind: one file, with everything in it. */
final class LoadReport {
  private static final String STYLE =
      """
      body{font:15px/1.5 system-ui,sans-serif;max-width:1120px;margin:2rem auto;padding:0 1rem;color:#222}
      table{border-collapse:collapse;margin:.5rem 0 1rem}
      td,th{padding:.2rem .7rem;border-bottom:1px solid #ddd;text-align:right}
      td:first-child,th:first-child{text-align:left}
      .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(440px,1fr));gap:.5rem}
      svg{width:100%;border:1px solid #e4e4e4;font-size:10px}
      svg .title{font-weight:600;font-size:11px}
      svg .grid{stroke:#eee} polyline{stroke-width:1.4}
      dt{font-weight:600;float:left;clear:left;width:9rem} dd{margin-left:9.5rem}
      """;

  private final StringBuilder body = new StringBuilder();

  LoadReport(Map<String, String> facts) {
    body.append("<h1>Load test of the Infopass Gateway</h1><dl>");
    facts.forEach((name, value) -> add("<dt>%s</dt><dd>%s</dd>", escaped(name), escaped(value)));
    body.append("</dl>");
  }

  void saturation(String title, List<Saturation.Row> rows) {
    add("<h2>%s</h2>", escaped(title));
    body.append(
        "<p>Closed loop; the partner answers at once and costs next to nothing. Processor time of"
            + " the relay's process for each request, median of the rounds.</p>"
            + "<table><tr><th></th><th>us/request</th><th>least to most</th><th>of it in the"
            + " kernel</th><th>requests/s</th><th>its core busy</th><th>to nginx</th><th>to"
            + " nginx + Lua</th><th>to bare Vert.x</th><th>failed</th></tr>");
    for (Saturation.Row row : rows) {
      add(
          "<tr><td>%s</td><td>%.1f</td><td>%.1f to %.1f</td><td>%.1f</td><td>%.0f</td><td>%.0f"
              + " %%</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>",
          row.subject(),
          row.micros().median(),
          row.micros().least(),
          row.micros().most(),
          row.systemMicros(),
          row.perSecond(),
          100 * row.busy(),
          ratio(row, rows, Subject.NGINX),
          ratio(row, rows, Subject.NGINX_LUA),
          ratio(row, rows, Subject.BARE),
          row.failed());
    }
    body.append("</table>");
  }

  private static String ratio(Saturation.Row row, List<Saturation.Row> rows, String other) {
    return rows.stream()
        .filter(candidate -> candidate.subject().equals(other))
        .map(
            found ->
                String.format(Locale.ROOT, "%.2f", row.micros().median() / found.micros().median()))
        .findFirst()
        .orElse("");
  }

  /** The first row is what the others are compared with. */
  void paced(String title, List<PacedRounds.Row> rows) {
    add("<h2>%s</h2>", escaped(title));
    body.append(
        "<p>Open loop: time is counted from the moment at which a request was due. Milliseconds of"
            + " the granted, median of the rounds with the least and the most; what is added is the"
            + " median less that of the first row.</p><table><tr><th></th><th>granted</th><th>other"
            + " answers</th><th>p50</th><th>p99</th><th>p99.9</th><th>p99 added</th><th>p99.9"
            + " added</th><th>us CPU/answer</th></tr>");
    PacedRounds.Row first = rows.get(0);
    for (PacedRounds.Row row : rows) {
      add(
          "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>"
              + "<td>%.2f</td><td>%.2f</td><td>%s</td></tr>",
          row.subject(),
          row.granted(),
          row.failed(),
          text(row.millis(50)),
          text(row.millis(99)),
          text(row.millis(99.9)),
          row.millis(99).median() - first.millis(99).median(),
          row.millis(99.9).median() - first.millis(99.9).median(),
          text(row.micros()));
    }
    body.append("</table>");
  }

  private static String text(Spread spread) {
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", spread.median(), spread.least(), spread.most());
  }

  void open(Scenario scenario, List<OpenRuns.Run> runs) {
    add("<h2>%s</h2>", escaped(scenario.title()));
    body.append(
        "<p>Open loop: time is counted from the moment at which a request was due. Milliseconds of"
            + " the granted.</p><table><tr><th></th><th>granted</th><th>other"
            + " answers</th><th>p50</th><th>p90</th><th>p99</th><th>p99.9</th><th>max</th><th>p99"
            + " added</th><th>p99.9 added</th><th>us CPU/answer</th></tr>");
    Histogram direct = runs.get(0).tally().granted();
    for (OpenRuns.Run run : runs) {
      Histogram took = run.tally().granted();
      add(
          "<tr><td>%s</td><td>%s</td><td>%s</td><td>%.2f</td><td>%.2f</td><td>%.2f</td>"
              + "<td>%.2f</td><td>%.2f</td><td>%.2f</td><td>%.2f</td><td>%.0f</td></tr>",
          run.subject(),
          took.getTotalCount(),
          others(run.tally()),
          millis(took, 50),
          millis(took, 90),
          millis(took, 99),
          millis(took, 99.9),
          took.getMaxValue() / 1e6,
          millis(took, 99) - millis(direct, 99),
          millis(took, 99.9) - millis(direct, 99.9),
          run.cpuMicros());
    }
    body.append("</table><div class='plots'>");
    plots(runs);
    body.append("</div>");
  }

  private void plots(List<OpenRuns.Run> runs) {
    List<Plot.Line> cpu = new ArrayList<>();
    List<Plot.Line> memory = new ArrayList<>();
    for (OpenRuns.Run run : runs) {
      body.append(Plot.logarithmic(run.subject() + ": ms over time", percentiles(run.tally())));
      if (run.cpuMicros() > 0) {
        cpu.add(new Plot.Line(run.subject(), cpuPerAnswer(run)));
        memory.add(new Plot.Line(run.subject(), points(run, Series.Look::residentMiB)));
      }
    }
    OpenRuns.Run last = runs.get(runs.size() - 1);
    body.append(Plot.linear("gateway: answers a second", throughput(last.tally())));
    body.append(Plot.linear("us CPU per answer", cpu));
    body.append(Plot.linear("resident MiB", memory));
    body.append(
        Plot.linear(
            "gateway: heap in MiB",
            List.of(
                metric(last, "used", "jvm_memory_used_bytes{area=\"heap\"", 1.0 / (1 << 20)),
                metric(
                    last,
                    "old",
                    "jvm_memory_used_bytes{area=\"heap\",id=\"Tenured Gen\"",
                    1.0 / (1 << 20)))));
    body.append(
        Plot.linear(
            "gateway: pool and breaker",
            List.of(
                metric(last, "in use", "infopass_pool_in_use", 1),
                metric(last, "waiting", "infopass_pool_waiting", 1),
                metric(last, "breaker open", "infopass_circuit_state{state=\"open\"", 1),
                metric(last, "paced", "infopass_pacer_waiting", 1))));
  }

  private static List<Plot.Line> percentiles(Tally tally) {
    return List.of(
        percentile(tally, "p50", 50), percentile(tally, "p99", 99), percentile(tally, "max", 100));
  }

  private static Plot.Line percentile(Tally tally, String name, double percentile) {
    List<double[]> points = new ArrayList<>();
    List<Tally.Second> seconds = tally.seconds();
    for (int i = 0; i < seconds.size(); i++) {
      if (seconds.get(i).granted().getTotalCount() > 0) {
        points.add(new double[] {i, millis(seconds.get(i).granted(), percentile)});
      }
    }
    return new Plot.Line(name, points);
  }

  private static List<Plot.Line> throughput(Tally tally) {
    List<double[]> granted = new ArrayList<>();
    List<double[]> failed = new ArrayList<>();
    for (int i = 0; i < tally.seconds().size(); i++) {
      granted.add(new double[] {i, tally.seconds().get(i).granted().getTotalCount()});
      failed.add(new double[] {i, tally.seconds().get(i).failed()});
    }
    return List.of(new Plot.Line("granted", granted), new Plot.Line("other", failed));
  }

  private static List<double[]> cpuPerAnswer(OpenRuns.Run run) {
    List<double[]> points = new ArrayList<>();
    List<Tally.Second> seconds = run.tally().seconds();
    for (int i = 1; i < run.looks().size() && i <= seconds.size(); i++) {
      Series.Look look = run.looks().get(i);
      long answers = seconds.get(i - 1).granted().getTotalCount() + seconds.get(i - 1).failed();
      if (answers > 0) {
        double used = look.cpuSeconds() - run.looks().get(i - 1).cpuSeconds();
        points.add(new double[] {look.atSeconds(), used * 1e6 / answers});
      }
    }
    return points;
  }

  private static List<double[]> points(OpenRuns.Run run, ToDoubleFunction<Series.Look> value) {
    return run.looks().stream()
        .map(look -> new double[] {look.atSeconds(), value.applyAsDouble(look)})
        .toList();
  }

  /** The sum of all samples whose name and labels begin like this. */
  private static Plot.Line metric(OpenRuns.Run run, String name, String prefix, double factor) {
    List<double[]> points = new ArrayList<>();
    for (Series.Look look : run.looks()) {
      if (!look.metrics().isEmpty()) {
        double sum =
            look.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        points.add(new double[] {look.atSeconds(), factor * sum});
      }
    }
    return new Plot.Line(name, points);
  }

  private static String others(Tally tally) {
    List<String> others = new ArrayList<>();
    tally.kinds().forEach((kind, count) -> others.add(kind + ": " + count));
    others.removeIf(kind -> kind.startsWith("200"));
    return others.isEmpty() ? "none" : String.join(", ", others);
  }

  private static double millis(Histogram took, double percentile) {
    return took.getValueAtPercentile(percentile) / 1e6;
  }

  private void add(String format, Object... values) {
    body.append(String.format(Locale.ROOT, format, values));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  String page() {
    return "<!doctype html><html lang='en'><meta charset='utf-8'><title>Load test</title><style>"
        + STYLE
        + "</style><body>"
        + body
        + "</body></html>\n";
  }
}
