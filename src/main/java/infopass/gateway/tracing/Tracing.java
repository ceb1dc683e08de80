package infopass.gateway.tracing;

import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sets recording up. */
public final class Tracing {
  /** Spans that wait to be sent; more are lost. */
  private static final int QUEUE = 2_048;

  private static final int BATCH = 512;
  private static final Duration SEND_EVERY = Duration.ofSeconds(2);
  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);

  /** Longest wait for the receiver when the process stops. */
  private static final Duration CLOSING = Duration.ofSeconds(3);

  private Tracing() {}

  /**
   * Starts what the configuration asks for; without an endpoint no class of OpenTelemetry is
   * loaded. The sending is done by a thread of its own, so that a receiver that is slow or gone
   * costs spans and never requests.
   *
   * @param version of this service, as it is told to the receiver
   */
  public static Spans start(TracingConfig config, String version, Optional<HttpProxy> proxy) {
    return config.on() ? Otlp.start(config, version, proxy) : Spans.OFF;
  }

  /** Apart, since loading it loads the SDK. */
  private static final class Otlp {
    /** Kept here, since the JDK forgets loggers, and their levels, that nobody holds. */
    private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

    static Spans start(TracingConfig config, String version, Optional<HttpProxy> proxy) {
      // It would write to standard error past our log; ReportingExporter says what matters.
      LIBRARY.setLevel(Level.OFF);
      OtlpHttpSpanExporterBuilder otlp =
          OtlpHttpSpanExporter.builder()
              .setEndpoint(config.target())
              .setTimeout(SEND_TIMEOUT)
              .setConnectTimeout(SEND_TIMEOUT);
      proxy.ifPresent(way -> way.applyTo(otlp));
      ReportingExporter exporter = new ReportingExporter(otlp.build());
      return new RecordedSpans(
          BatchSpanProcessor.builder(exporter)
              .setMaxQueueSize(QUEUE)
              .setMaxExportBatchSize(BATCH)
              .setScheduleDelay(SEND_EVERY)
              .setExporterTimeout(SEND_TIMEOUT)
              .build(),
          Sampler.traceIdRatioBased(config.sampleRatio()),
          version,
          CLOSING);
    }
  }
}
