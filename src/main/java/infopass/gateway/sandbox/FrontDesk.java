package infopass.gateway.sandbox;

import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Decides about one init request: who may not pass, then the quota, then chance, then the body,
 * then the scenario. Not thread-safe: one for each event loop.
 */
final class FrontDesk {

  private final Scenarios scenarios;
  private final QuotaWindow quota;
  private final RandomGenerator random;
  private final double failRate;
  private final long latencyMillis;

  /**
   * @param quota null for none
   */
  FrontDesk(
      Scenarios scenarios, QuotaWindow quota, RandomGenerator random, SandboxOptions options) {
    this.scenarios = scenarios;
    this.quota = quota;
    this.random = random;
    this.failRate = options.failRate();
    this.latencyMillis = options.latency().toMillis();
  }

  Reply replyTo(String authorization, byte[] body) {
    return decide(authorization, body).after(latencyMillis);
  }

  Reply tooLarge() {
    Answer answer =
        new Answer.Whole(
            413,
            Answer.JSON,
            Documents.failure(413, "The body is too large."),
            Map.of("Connection", "close"));
    return Reply.of(answer);
  }

  private Reply decide(String authorization, byte[] body) {
    if (!Credentials.accepted(authorization)) {
      return unauthorized();
    }
    long secondsToWait = quota == null ? 0 : quota.secondsToWait();
    if (secondsToWait > 0) {
      return tooManyRequests(secondsToWait);
    }
    if (failRate > 0 && random.nextDouble() < failRate) {
      return Reply.of(Answer.json(500, Documents.failure(500, "Something went wrong.")))
          .named("fail-rate");
    }
    Optional<String> name = InitBody.nameIn(body);
    return name.isPresent()
        ? scenarios.play(Cue.in(name.get()), body)
        : Reply.of(Answer.json(422, Documents.failure(422, "The request is not valid.")));
  }

  private static Reply unauthorized() {
    return Reply.of(
        new Answer.Whole(
            401,
            Answer.JSON,
            Documents.failure(401, "The credentials are not valid."),
            Map.of("WWW-Authenticate", "Basic realm=\"infopass\"")));
  }

  private static Reply tooManyRequests(long secondsToWait) {
    Answer answer =
        new Answer.Whole(
            429,
            Answer.JSON,
            Documents.failure(429, "Too many requests."),
            Map.of("Retry-After", Long.toString(secondsToWait)));
    return Reply.of(answer).named("quota");
  }
}
