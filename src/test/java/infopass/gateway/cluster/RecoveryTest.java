package infopass.gateway.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private boolean whole = true;
  private long now;
  private int before = 2;
  private int opened;
  private final Recovery recovery =
      new Recovery(() -> whole, () -> before, () -> opened++, () -> now);

  private void look(int nodes, int seconds) {
    for (int i = 0; i < seconds; i++) {
      recovery.look(nodes);
      now += TimeUnit.SECONDS.toNanos(1);
    }
  }

  @Test
  void whatMayBeTheSmallerPartStaysClosed() {
    look(2, 1);
    whole = false;
    look(1, 100);
    assertEquals(0, opened);
  }

  @Test
  void whoComesInThePlaceOfTheLostOpensItAfterAWhile() {
    // Given
    look(2, 1);
    whole = false;
    look(1, 30);

    // When
    look(2, 10);
    int early = opened;
    look(2, 2);

    // Then
    assertEquals(0, early);
    assertEquals(1, opened);
  }

  @Test
  void whoSeesTheLossBeforeTheMemoryDoesIsNotMisled() {
    look(1, 20);
    whole = false;
    look(1, 100);
    assertEquals(0, opened);
  }

  @Test
  void whereNothingIsKnownOfBeforeItStaysClosed() {
    before = 0;
    whole = false;
    look(3, 100);
    assertEquals(0, opened);
  }
}
