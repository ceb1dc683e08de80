package infopass.gateway.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.digilocker.TraceParent;
import infopass.gateway.tracing.Spans.Kind;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecordedSpansTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";

  private final Collector collector = new Collector();

  /** Keeps what has ended; closes when it is told to. */
  private static final class Collector implements SpanExporter {
    private final List<SpanData> ended = new ArrayList<>();
    private final CompletableResultCode closed = new CompletableResultCode();

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      ended.addAll(spans);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return closed;
    }
  }

  private Spans spans(double ratio) {
    return new RecordedSpans(
        SimpleSpanProcessor.create(collector),
        Sampler.traceIdRatioBased(ratio),
        "1.2",
        Duration.ofMillis(50));
  }

  private static TraceParent from(String flags) {
    return new TraceParent(TRACE, PARENT, flags);
  }

  @Test
  void aSampledParentIsFollowedWhateverTheRatio() {
    // When
    Span span = spans(0).start(Kind.SERVER, "s", from("01"));
    TraceParent context = span.contextOr(null);
    span.end();

    // Then
    SpanData data = collector.ended.get(0);
    assertEquals(TRACE, context.traceId());
    assertEquals(data.getSpanId(), context.parentId());
    assertEquals("01", context.flags());
    assertEquals(PARENT, data.getParentSpanId());
    assertTrue(data.getParentSpanContext().isRemote());
  }

  @Test
  void aParentThatIsNotSampledIsFollowedToo() {
    for (Kind kind : Kind.values()) {
      assertSame(Span.NONE, spans(1).start(kind, "s", from("00")));
    }
  }

  @Test
  void aTraceThatBeginsHereIsRecordedInAboutTheGivenShare() {
    // When
    Spans spans = spans(0.1);
    int recorded = 0;
    for (int i = 0; i < 20_000; i++) {
      recorded += spans.start(Kind.SERVER, "s", null).recorded() ? 1 : 0;
    }

    // Then: 2000 with a deviation of 42, of which 7 are allowed.
    assertEquals(2_000, recorded, 300);
  }

  @Test
  void aStageWithinIsAChildOfTheSameProcess() {
    // Given
    Spans spans = spans(1);
    Span outer = spans.start(Kind.SERVER, "outer", null);

    // When
    spans.start(Kind.CLIENT, "inner", outer.context()).end();
    outer.end();

    // Then
    SpanData inner = collector.ended.get(0);
    assertEquals(outer.context().traceId(), inner.getTraceId());
    assertEquals(outer.context().parentId(), inner.getParentSpanId());
    assertEquals(SpanKind.CLIENT, inner.getKind());
    assertEquals("infopass-gateway", inner.getResource().getAttributes().get(SERVICE_NAME));
  }

  private static final io.opentelemetry.api.common.AttributeKey<String> SERVICE_NAME =
      io.opentelemetry.api.common.AttributeKey.stringKey("service.name");

  @Test
  void whatIsNotRecordedHandsOnWhatItIsGiven() {
    // Given
    TraceParent given = TraceParent.start(new SplittableRandom(1));

    // Then
    assertSame(given, Span.NONE.contextOr(given));
    assertSame(Span.NONE, Spans.OFF.start(Kind.SERVER, "s", from("01")));
    assertSame(Span.NONE, Span.NONE.with("a", "b").with("c", 1).failed("d"));
  }

  @Test
  void closingEndsInTimeWhereTheReceiverDoesNot() throws Exception {
    spans(1).close().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
