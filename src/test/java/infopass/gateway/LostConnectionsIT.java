package infopass.gateway;

import static infopass.gateway.RunningGateway.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.sandbox.Sandbox;
import infopass.gateway.sandbox.SandboxOptions;
import io.netty.util.ResourceLeakDetector;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One pooled connection in ten is reset while a request is in flight on it. */
class LostConnectionsIT {
  @Test
  void nearlyAllSucceedAndNobodyGetsAnothersAnswer() {
    ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    try {
      Result result = run(40, 250);
      assertEquals(List.of(), result.crossed());
      assertTrue(result.resets() >= 5, result.resets() + " resets");
      assertTrue(
          result.failures().size() <= result.requests() / 1_000, result.failures()::toString);
      assertTrue(
          result.duplicates() <= result.counted(),
          result.duplicates() + " made twice, counted " + result.counted());
    } finally {
      ResourceLeakDetector.setLevel(level);
    }
  }

  record Result(
      int requests,
      int connections,
      int resets,
      List<String> failures,
      List<String> crossed,
      long duplicates,
      long counted) {}

  /** Also for the rehearsal, with more. */
  static Result run(int callers, int requestsEach) {
    Vertx vertx = Vertx.vertx();
    Sandbox partner =
        await(new Sandbox(vertx, SandboxOptions.defaults().withJournalCapacity(1_000_000)).start());
    // So few links per connection that the pool is made anew again and again.
    try (ResettingProxy proxy = new ResettingProxy(partner.port());
        RunningGateway gateway =
            RunningGateway.startAgainst(
                proxy.uri(), "infopass: {pool: {size: 32, waitQueue: 4096}}");
        ManyCallers many = new ManyCallers(gateway.port(), callers, requestsEach)) {
      many.run(Duration.ofMinutes(5));
      Map<String, Long> linksById =
          partner.journal().entries().stream()
              .filter(entry -> entry.answer().equals("200"))
              .collect(Collectors.groupingBy(e -> e.correlationId(), Collectors.counting()));
      return new Result(
          callers * requestsEach,
          proxy.accepted(),
          proxy.resets(),
          many.failures(),
          many.crossed(),
          linksById.values().stream().mapToLong(made -> made - 1).sum(),
          gateway.gateway().calls().possibleDuplicates());
    } finally {
      await(vertx.close());
    }
  }
}
