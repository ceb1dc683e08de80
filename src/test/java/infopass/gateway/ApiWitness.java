package infopass.gateway;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sees every answer that a test is given by the public port, and fails where the API's document
 * does not describe it. Thread-safe.
 */
final class ApiWitness {
  private static final ApiDocument DOCUMENT = ApiDocument.read();

  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /** The answer itself, which has to be a documented one. */
  <T> HttpResponse<T> saw(HttpResponse<T> answer) {
    HttpRequest request = answer.request();
    String query = request.uri().getRawQuery();
    saw(
        ApiAnswer.of(
            request.method(),
            request.uri().getRawPath() + (query == null ? "" : '?' + query),
            answer.statusCode(),
            answer.headers().map(),
            answer.body() instanceof String text ? text : ""));
    return answer;
  }

  /** The same for one that was read from the wire. */
  void saw(ApiAnswer answer) {
    if (answer.status() == 204 && answer.headers().containsKey("allow")) {
      return; // What can be asked is told of every path, and of none.
    }
    List<String> faults = answer.undocumented(DOCUMENT);
    if (!faults.isEmpty()) {
      throw new AssertionError(String.join("\n", faults));
    }
    String operation = answer.method() + ' ' + DOCUMENT.template(answer.target()).orElse("");
    seen.add(
        (operation + ' ' + answer.status() + ' ' + answer.mediaType() + ' ' + answer.slug())
            .strip());
  }

  /** What was seen: method, path template, status, media type, and the slug of a problem. */
  Set<String> seen() {
    return Set.copyOf(seen);
  }
}
