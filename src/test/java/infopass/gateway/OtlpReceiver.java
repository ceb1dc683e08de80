package infopass.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes spans by OTLP over HTTP, as a collector does. */
final class OtlpReceiver implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<Received> spans = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final int port;

  /** A span, with all attributes as text. */
  record Received(
      String name,
      Span.SpanKind kind,
      String traceId,
      String spanId,
      String parentId,
      long nanos,
      boolean failed,
      Map<String, String> attributes,
      Map<String, String> resource) {

    String attribute(String key) {
      return attributes.get(key);
    }
  }

  OtlpReceiver() {
    HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
    port =
        RunningGateway.await(vertx.createHttpServer(options).requestHandler(this::answer).listen())
            .actualPort();
  }

  /** What turns tracing on towards here. */
  String yaml(double sampleRatio) {
    return "tracing: {otlpEndpoint: \"http://127.0.0.1:"
        + port
        + "\", sampleRatio: "
        + sampleRatio
        + "}";
  }

  /** All that came so far. */
  List<Received> spans() {
    return List.copyOf(spans);
  }

  /** Method, path and content type of each delivery. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpServerRequest request) {
    requests.add(request.method() + " " + request.path() + " " + request.getHeader("Content-Type"));
    request
        .body()
        .onSuccess(
            body -> {
              take(body);
              request
                  .response()
                  .putHeader("Content-Type", "application/x-protobuf")
                  .end(
                      Buffer.buffer(ExportTraceServiceResponse.newBuilder().build().toByteArray()));
            });
  }

  private void take(Buffer body) {
    ExportTraceServiceRequest delivery;
    try {
      delivery = ExportTraceServiceRequest.parseFrom(body.getBytes());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
    for (ResourceSpans resource : delivery.getResourceSpansList()) {
      Map<String, String> about = texts(resource.getResource().getAttributesList());
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        scope.getSpansList().forEach(span -> spans.add(received(span, about)));
      }
    }
  }

  private static Received received(Span span, Map<String, String> resource) {
    return new Received(
        span.getName(),
        span.getKind(),
        hex(span.getTraceId()),
        hex(span.getSpanId()),
        hex(span.getParentSpanId()),
        span.getEndTimeUnixNano() - span.getStartTimeUnixNano(),
        span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR,
        texts(span.getAttributesList()),
        resource);
  }

  private static Map<String, String> texts(List<KeyValue> attributes) {
    Map<String, String> texts = new TreeMap<>();
    for (KeyValue attribute : attributes) {
      AnyValue value = attribute.getValue();
      String text =
          value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
      texts.put(attribute.getKey(), text);
    }
    return texts;
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  @Override
  public void close() {
    RunningGateway.await(vertx.close());
  }
}
