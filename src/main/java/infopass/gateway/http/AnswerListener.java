package infopass.gateway.http;

import infopass.gateway.digilocker.Problem;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;

/**
 * Is told of every answer that a listener gives. Called on the event loop of the answer, so it has
 * to be thread-safe and quick, and must not throw.
 */
public interface AnswerListener {
  /** For a listener whose answers nobody counts. */
  AnswerListener NONE = (route, method, status, problem, elapsedNanos) -> {};

  /**
   * @param route the path or path template that matched; empty where none did
   * @param problem why it failed; empty where it did not
   * @param elapsedNanos from the arrival of the request's head to the answer; of a stream, to its
   *     beginning
   */
  void answered(
      String route, HttpMethod method, int status, Optional<Problem> problem, long elapsedNanos);

  /** Both are told. */
  static AnswerListener both(AnswerListener one, AnswerListener other) {
    return (route, method, status, problem, elapsedNanos) -> {
      one.answered(route, method, status, problem, elapsedNanos);
      other.answered(route, method, status, problem, elapsedNanos);
    };
  }
}
