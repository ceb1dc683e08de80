package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many callers at once: no answer is lost, failed, or somebody else's. */
class ManyRequestsIT {
  private static final int CALLERS = 200;
  private static final int REQUESTS_EACH = 100;

  private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();

  /** Following every buffer would take most of the time; the other tests do. */
  @BeforeEach
  void followFewBuffers() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
  }

  @AfterEach
  void followAsBefore() {
    ResourceLeakDetector.setLevel(level);
  }

  @Test
  void everyOneOfManyCallersGetsItsOwnAnswer() {
    try (RunningGateway gateway = RunningGateway.start();
        ManyCallers callers = new ManyCallers(gateway.port(), CALLERS, REQUESTS_EACH)) {
      // When: a few seconds on a quiet machine; the bound is for one that is not
      callers.run(Duration.ofMinutes(2));

      // Then
      assertEquals(List.of(), callers.failures().stream().limit(5).toList());
      assertEquals(List.of(), callers.crossed());
      assertEquals(CALLERS * REQUESTS_EACH, callers.links().size());
      assertEquals(CALLERS * REQUESTS_EACH, gateway.journal().total());
      gateway
          .journal()
          .entries()
          .forEach(entry -> callers.links().remove(entry.correlationId() + ' ' + entry.clientId()));
      assertEquals(0, callers.links().size(), "answers that the partner gave to somebody else");
    }
  }
}
