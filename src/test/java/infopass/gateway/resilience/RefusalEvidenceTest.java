package infopass.gateway.resilience;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalEvidenceTest {
  private final AtomicLong now = new AtomicLong(-7);
  private final RefusalEvidence evidence = new RefusalEvidence(now::get);

  @Test
  void threeCallsInARowMakeAQuota() {
    assertFalse(evidence.refused("a"));
    assertFalse(evidence.refused("b"));
    assertTrue(evidence.refused("c"));
    assertTrue(evidence.refused("c"));
  }

  @Test
  void oneCallThatIsRepeatedDoesNot() {
    Object call = new Object();
    for (int i = 0; i < 10; i++) {
      assertFalse(evidence.refused(call));
    }
  }

  @Test
  void aCallLetThroughInBetweenMakesThemWorthless() {
    // Given
    evidence.refused("a");
    evidence.refused("b");

    // When
    long sentBefore = now.get() - 1;
    evidence.letThrough(sentBefore);

    // Then
    assertTrue(evidence.refused("c"), "what was sent before the refusals says nothing");
    evidence.letThrough(now.get() + 1);
    assertFalse(evidence.refused("d"));
  }

  @Test
  void aMinuteMakesThemWorthless() {
    evidence.refused("a");
    evidence.refused("b");
    now.addAndGet(Duration.ofSeconds(61).toNanos());
    assertFalse(evidence.refused("c"));
  }
}
