package infopass.gateway.tracing;

import infopass.gateway.digilocker.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Spans of OpenTelemetry. Parents are always named: nothing depends on the current thread. Thread-
 * safe.
 */
final class RecordedSpans implements Spans {
  private static final String SERVICE = "infopass-gateway";

  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final Duration closing;

  /**
   * @param processor takes what has ended; must not block
   * @param roots which traces that begin here are recorded
   * @param closing longest wait for the receiver when the process stops
   */
  RecordedSpans(SpanProcessor processor, Sampler roots, String version, Duration closing) {
    this.closing = closing;
    provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault().toBuilder()
                    .put(AttributeKey.stringKey("service.name"), SERVICE)
                    .put(AttributeKey.stringKey("service.version"), version)
                    .build())
            .setSampler(Sampler.parentBased(roots))
            .addSpanProcessor(processor)
            .build();
    tracer = provider.get(SERVICE, version);
  }

  @Override
  public Span start(Kind kind, String name, TraceParent parent) {
    if (parent != null && !parent.sampled()) {
      return Span.NONE;
    }
    SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(kindOf(kind));
    if (parent == null) {
      builder.setNoParent();
    } else {
      builder.setParent(contextOf(kind, parent));
    }
    io.opentelemetry.api.trace.Span span = builder.startSpan();
    return span.getSpanContext().isSampled() ? new Recorded(span) : Span.NONE;
  }

  @Override
  public CompletionStage<Void> close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    provider.shutdown().whenComplete(() -> closed.complete(null));
    return closed.completeOnTimeout(null, closing.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static SpanKind kindOf(Kind kind) {
    return switch (kind) {
      case SERVER -> SpanKind.SERVER;
      case CLIENT -> SpanKind.CLIENT;
      case INTERNAL -> SpanKind.INTERNAL;
    };
  }

  /** What a server's span is a part of came over a wire; what another's is, did not. */
  private static Context contextOf(Kind kind, TraceParent parent) {
    SpanContext context =
        kind == Kind.SERVER
            ? SpanContext.createFromRemoteParent(
                parent.traceId(),
                parent.parentId(),
                TraceFlags.getSampled(),
                TraceState.getDefault())
            : SpanContext.create(
                parent.traceId(),
                parent.parentId(),
                TraceFlags.getSampled(),
                TraceState.getDefault());
    return Context.root().with(io.opentelemetry.api.trace.Span.wrap(context));
  }

  private static final class Recorded implements Span {
    private final io.opentelemetry.api.trace.Span span;
    private final TraceParent context;

    Recorded(io.opentelemetry.api.trace.Span span) {
      this.span = span;
      SpanContext own = span.getSpanContext();
      this.context =
          new TraceParent(own.getTraceId(), own.getSpanId(), own.getTraceFlags().asHex());
    }

    @Override
    public boolean recorded() {
      return true;
    }

    @Override
    public TraceParent context() {
      return context;
    }

    @Override
    public Span with(String attribute, String value) {
      span.setAttribute(attribute, value);
      return this;
    }

    @Override
    public Span with(String attribute, long value) {
      span.setAttribute(attribute, value);
      return this;
    }

    @Override
    public Span failed(String type) {
      span.setAttribute(Attributes.ERROR_TYPE, type);
      span.setStatus(StatusCode.ERROR);
      return this;
    }

    @Override
    public void end() {
      span.end();
    }
  }
}
