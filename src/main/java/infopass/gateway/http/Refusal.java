package infopass.gateway.http;

import infopass.gateway.digilocker.Problem;

/**
 * Why a request is refused before it is one: what the wire hands to the listener in place of a
 * request. A value rather than an error, so it has no stack; the detail never quotes the request.
 */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final Problem problem;

  Refusal(Problem problem, String detail) {
    super(detail, null, false, false);
    this.problem = problem;
  }

  static Refusal invalid(String detail) {
    return new Refusal(Problem.INVALID_REQUEST, detail);
  }

  Problem problem() {
    return problem;
  }
}
