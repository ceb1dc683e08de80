package infopass.gateway.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ReportingExporterTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(ReportingExporter.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Deque<CompletableResultCode> results = new ArrayDeque<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  private final class Scripted implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return results.remove();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @Test
  void onlyChangesAreLogged() {
    // Given
    CompletableResultCode fails = CompletableResultCode.ofExceptionalFailure(new IOException("x"));
    CompletableResultCode works = CompletableResultCode.ofSuccess();
    results.addAll(List.of(works, fails, fails, works, works, fails));
    ReportingExporter exporter = new ReportingExporter(new Scripted());

    // When
    while (!results.isEmpty()) {
      exporter.export(List.of());
    }

    // Then
    String lost = "spans are lost: tracing.otlpEndpoint does not take them";
    assertEquals(
        List.of(lost, "spans are taken again", lost),
        lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    assertEquals("IOException", lines.list.get(0).getKeyValuePairs().get(0).value);
  }
}
