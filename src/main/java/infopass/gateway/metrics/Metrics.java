package infopass.gateway.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * All meters of this process, under the names that Prometheus sees. Labels are given as names and
 * values in turn; callers see to it that the values are few. Thread-safe.
 */
public final class Metrics implements AutoCloseable {
  private static final String SECONDS = "_seconds";
  private static final String INFO = "_info";
  private static final String TOTAL = "_total";

  /** The same for every duration, so that histograms can be added up and compared. */
  private static final Duration[] BUCKETS =
      IntStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collector = new JvmGcMetrics();

  /** The registry refers weakly to what counts for it. */
  private final ConcurrentLinkedQueue<LongSupplier> counting = new ConcurrentLinkedQueue<>();

  public Metrics() {
    registry
        .config()
        .meterFilter(MeterFilter.denyNameStartsWith("system."))
        // In nanoseconds, against Prometheus' conventions; in seconds below.
        .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
    List.of(
            new ClassLoaderMetrics(),
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            collector,
            new ProcessorMetrics(),
            new UptimeMetrics(),
            new FileDescriptorMetrics())
        .forEach(binder -> binder.bindTo(registry));
    FunctionCounter.builder(
            "process.cpu.seconds",
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class),
            system -> system.getProcessCpuTime() / 1e9)
        .description("Processor time that this process has used")
        .register(registry);
  }

  /**
   * Shows a value that something else keeps.
   *
   * @param value called from any thread whenever the metrics are written
   */
  public void gauge(String name, String help, DoubleSupplier value, String... labels) {
    Gauge.builder(name, value::getAsDouble).description(help).tags(labels).register(registry);
  }

  /** The same for what holds or does not. */
  public void flag(String name, String help, BooleanSupplier holds, String... labels) {
    gauge(name, help, () -> holds.getAsBoolean() ? 1 : 0, labels);
  }

  /**
   * Shows nothing but its labels.
   *
   * @param name ends in {@code _info}
   */
  public void info(String name, String help, Map<String, String> labels) {
    // Not through Micrometer, which takes the suffix away.
    Info.builder()
        .name(without(INFO, name))
        .help(help)
        .labelNames(labels.keySet().toArray(String[]::new))
        .register(registry.getPrometheusRegistry())
        .setLabelValues(labels.values().toArray(String[]::new));
  }

  /**
   * Shows a count that something else keeps.
   *
   * @param name ends in {@code _total}
   * @param count never becomes less; called from any thread whenever the metrics are written
   */
  public void counter(String name, String help, LongSupplier count, String... labels) {
    counting.add(count);
    FunctionCounter.builder(without(TOTAL, name), count, LongSupplier::getAsLong)
        .description(help)
        .tags(labels)
        .register(registry);
  }

  Counter counter(String name, String help, String... labels) {
    return Counter.builder(without(TOTAL, name)).description(help).tags(labels).register(registry);
  }

  /**
   * A histogram of durations.
   *
   * @param name ends in {@code _seconds}
   */
  Timer timer(String name, String help, String... labels) {
    return Timer.builder(without(SECONDS, name))
        .description(help)
        .tags(Tags.of(labels))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /** Every sample there is now, in Prometheus' text format 0.0.4. Takes milliseconds. */
  public String text() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collector.close();
    registry.close();
  }

  private static String without(String suffix, String name) {
    if (!name.endsWith(suffix)) {
      throw new IllegalArgumentException(name + " does not end in " + suffix);
    }
    return name.substring(0, name.length() - suffix.length());
  }
}
