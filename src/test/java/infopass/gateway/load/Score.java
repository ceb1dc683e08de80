package infopass.gateway.load;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.slf4j.LoggerFactory;

/** Counts answers by kind, with how long each kind took. For one driver's event loop. */
public final class Score implements OpenLoop.Scorer {
  private static final long LONGEST_NANOS = 120_000_000_000L;

  private final Map<String, Histogram> byKind = new TreeMap<>();
  private final Map<String, Long> retryAfterByKind = new TreeMap<>();

  @Override
  public void answered(long shot, HttpClientResponse response, Buffer body, long tookNanos) {
    String kind = kindOf(response, body);
    record(kind, tookNanos);
    String retryAfter = response.getHeader("Retry-After");
    if (retryAfter != null) {
      retryAfterByKind.merge(kind, Long.parseLong(retryAfter), Math::max);
    }
  }

  @Override
  public void failed(long shot, Throwable cause) {
    record("no answer: " + cause.getClass().getSimpleName(), 0);
  }

  private void record(String kind, long tookNanos) {
    byKind
        .computeIfAbsent(kind, first -> new Histogram(LONGEST_NANOS, 3))
        .recordValue(Math.min(LONGEST_NANOS, Math.max(0, tookNanos)));
  }

  private static String kindOf(HttpClientResponse response, Buffer body) {
    if (response.statusCode() == 200) {
      return "200";
    }
    String type = new JsonObject(body).getString("type", "");
    return response.statusCode() + " " + type.replace("/problems/", "");
  }

  public long count(String kind) {
    return byKind.containsKey(kind) ? byKind.get(kind).getTotalCount() : 0;
  }

  public long total() {
    return byKind.values().stream().mapToLong(Histogram::getTotalCount).sum();
  }

  /** In milliseconds; 0 where there was none. */
  public double millis(String kind, double percentile) {
    return byKind.containsKey(kind) ? byKind.get(kind).getValueAtPercentile(percentile) / 1e6 : 0;
  }

  /** A line for each of a hundred thousand refusals would hide the figures. */
  static void quietLogs() {
    ((Logger) LoggerFactory.getLogger("infopass.gateway")).setLevel(Level.ERROR);
  }

  /** One line for each kind of answer. */
  public String table() {
    StringBuilder out = new StringBuilder();
    byKind.forEach(
        (kind, took) ->
            out.append(
                String.format(
                    Locale.ROOT,
                    "    %-26s %8d   p50 %8.2f ms  p99 %8.2f ms  p99.9 %8.2f ms  max %8.2f ms%s%n",
                    kind,
                    took.getTotalCount(),
                    took.getValueAtPercentile(50) / 1e6,
                    took.getValueAtPercentile(99) / 1e6,
                    took.getValueAtPercentile(99.9) / 1e6,
                    took.getMaxValue() / 1e6,
                    retryAfterByKind.containsKey(kind)
                        ? "  Retry-After up to " + retryAfterByKind.get(kind) + " s"
                        : "")));
    return out.toString();
  }
}
