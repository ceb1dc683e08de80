package infopass.gateway.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs when the receiver stops taking spans and when it takes them again. Thread-safe. */
final class ReportingExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(ReportingExporter.class);

  private final SpanExporter inner;
  private final AtomicBoolean failing = new AtomicBoolean();

  ReportingExporter(SpanExporter inner) {
    this.inner = inner;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = inner.export(spans);
    result.whenComplete(() -> tell(result));
    return result;
  }

  private void tell(CompletableResultCode result) {
    boolean failed = !result.isSuccess();
    if (failing.compareAndSet(!failed, failed)) {
      if (failed) {
        Throwable cause = result.getFailureThrowable();
        LOG.atWarn()
            .addKeyValue("cause", cause == null ? "unknown" : cause.getClass().getSimpleName())
            .log("spans are lost: tracing.otlpEndpoint does not take them");
      } else {
        LOG.info("spans are taken again");
      }
    }
  }

  @Override
  public CompletableResultCode flush() {
    return inner.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return inner.shutdown();
  }
}
