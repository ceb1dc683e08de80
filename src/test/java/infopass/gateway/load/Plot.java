package infopass.gateway.load;

import java.util.List;
import java.util.Locale;

/** Draws lines over time as SVG that stands in the page itself. */
final class Plot {
  /** One line: points of second and value. */
  record Line(String name, List<double[]> points) {}

  private static final int WIDTH = 520;
  private static final int HEIGHT = 210;
  private static final int LEFT = 56;
  private static final int BOTTOM = 28;
  private static final int TOP = 30;
  private static final int RIGHT = 12;
  private static final int TICKS = 4;
  private static final List<String> COLOURS =
      List.of("#1b6ca8", "#d1495b", "#2e8b57", "#8e5ea2", "#b8860b", "#555555");

  private final String title;
  private final boolean logarithmic;
  private final List<Line> lines;
  private double lastSecond = 1;
  private double least = Double.MAX_VALUE;
  private double most;

  private Plot(String title, boolean logarithmic, List<Line> lines) {
    this.title = title;
    this.logarithmic = logarithmic;
    this.lines = lines.stream().filter(line -> !line.points().isEmpty()).toList();
    for (Line line : this.lines) {
      for (double[] point : line.points()) {
        lastSecond = Math.max(lastSecond, point[0]);
        most = Math.max(most, point[1]);
        if (point[1] > 0) {
          least = Math.min(least, point[1]);
        }
      }
    }
    if (logarithmic) {
      least = Math.pow(10, Math.floor(Math.log10(Math.min(least, Math.max(most, 1e-3)))));
      most = Math.pow(10, Math.ceil(Math.log10(Math.max(most, 10 * least))));
    } else {
      least = 0;
      most = most == 0 ? 1 : 1.05 * most;
    }
  }

  static String linear(String title, List<Line> lines) {
    return new Plot(title, false, lines).draw();
  }

  static String logarithmic(String title, List<Line> lines) {
    return new Plot(title, true, lines).draw();
  }

  private String draw() {
    StringBuilder out = new StringBuilder();
    append(out, "<svg viewBox='0 0 %s %s' role='img' aria-label='%s'>", WIDTH, HEIGHT, title);
    append(out, "<text x='%s' y='12' class='title'>%s</text>", LEFT, title);
    for (int i = 0; i <= TICKS; i++) {
      double value =
          logarithmic
              ? Math.pow(10, Math.log10(least) + i * Math.log10(most / least) / TICKS)
              : least + i * (most - least) / TICKS;
      append(
          out,
          "<line class='grid' x1='%s' x2='%s' y1='%.1f' y2='%3$.1f'/>"
              + "<text x='%s' y='%.1f' text-anchor='end'>%s</text>",
          LEFT,
          WIDTH - RIGHT,
          y(value),
          LEFT - 4,
          y(value) + 3,
          label(value));
      double second = i * lastSecond / TICKS;
      append(
          out,
          "<text x='%.1f' y='%s' text-anchor='middle'>%s s</text>",
          x(second),
          HEIGHT - BOTTOM + 14,
          label(second));
    }
    for (int i = 0; i < lines.size(); i++) {
      line(out, lines.get(i), i);
    }
    return out.append("</svg>").toString();
  }

  private void line(StringBuilder out, Line line, int number) {
    String colour = COLOURS.get(number % COLOURS.size());
    append(out, "<polyline fill='none' stroke='%s' points='", colour);
    for (double[] point : line.points()) {
      append(out, "%.1f,%.1f ", x(point[0]), y(point[1]));
    }
    append(
        out,
        "'/><text x='%s' y='24' fill='%s'>%s</text>",
        LEFT + number * (WIDTH - LEFT) / Math.max(4, lines.size()),
        colour,
        line.name());
  }

  private double x(double second) {
    return LEFT + second / lastSecond * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    double share =
        logarithmic
            ? Math.log10(Math.max(value, least) / least) / Math.log10(most / least)
            : (value - least) / (most - least);
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
  }

  private static String label(double value) {
    return String.format(
        Locale.ROOT, value >= 100 || value == Math.rint(value) ? "%.0f" : "%.3g", value);
  }

  private static void append(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values));
  }
}
