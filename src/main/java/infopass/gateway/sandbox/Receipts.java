package infopass.gateway.sandbox;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Enters requests into the journal. Not thread-safe: one for each event loop. */
final class Receipts {

  private final Journal journal;
  private final boolean withBodies;

  /** Most requests carry the names of the one before: the journal then holds them once. */
  private List<String> namesAsReceived = List.of();

  private List<String> names = List.of();

  Receipts(Journal journal, boolean withBodies) {
    this.journal = journal;
    this.withBodies = withBodies;
  }

  /**
   * @param body null if there is none to keep
   */
  void enter(Instant at, HttpServerRequest request, byte[] body, Reply reply) {
    journal.add(
        new Journal.Entry(
            at,
            request.method().name(),
            String.valueOf(request.path()),
            protocol(request.version()),
            request.getHeader("X-Correlation-Id"),
            request.getHeader("traceparent"),
            request.getHeader("User-Agent"),
            headerNames(request),
            reply.clientId(),
            reply.answer().label(),
            reply.scenario(),
            withBodies && body != null ? new String(body, StandardCharsets.UTF_8) : null));
  }

  private List<String> headerNames(HttpServerRequest request) {
    List<String> received = new ArrayList<>(12);
    request.headers().forEach((name, value) -> received.add(name));
    if (!received.equals(namesAsReceived)) {
      namesAsReceived = received;
      names = received.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }
    return names;
  }

  private static String protocol(HttpVersion version) {
    return switch (version) {
      case HTTP_1_0 -> "HTTP/1.0";
      case HTTP_1_1 -> "HTTP/1.1";
      case HTTP_2 -> "HTTP/2";
    };
  }
}
