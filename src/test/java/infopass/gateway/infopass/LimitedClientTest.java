package infopass.gateway.infopass;

import static infopass.gateway.infopass.Fixtures.call;
import static infopass.gateway.infopass.Fixtures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.resilience.Bulkhead;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is counted of places and of waiting for them. */
class LimitedClientTest {
  private final AtomicLong nanos = new AtomicLong();
  private final PoolUse use = new PoolUse();
  private final List<Long> waits = new ArrayList<>();
  private final Deque<Promise<InitSession>> asked = new ArrayDeque<>();
  private final LimitedClient client = client(this::ask);

  private LimitedClient client(InfopassClient inner) {
    return new LimitedClient(
        inner, new Bulkhead(1, 2), new SplittableRandom(1), use, waits::add, nanos::get);
  }

  private Future<InitSession> ask(PartnerCall call) {
    Promise<InitSession> answer = Promise.promise();
    asked.add(answer);
    return answer.future();
  }

  private void assertUse(int inUse, int waiting) {
    assertEquals(inUse, use.inUse());
    assertEquals(waiting, use.waiting());
  }

  @Test
  void countsThosePlacedAndThoseWaitingAndForHowLong() {
    // Given
    client.init(call());
    assertUse(1, 0);
    client.init(call());
    nanos.set(30);
    client.init(call());
    assertUse(1, 2);

    // When
    nanos.set(100);
    asked.remove().complete(Fixtures.session());
    assertUse(1, 1);
    nanos.set(150);
    asked.remove().fail(Fixtures.lost());

    // Then
    assertUse(1, 0);
    asked.remove().complete(Fixtures.session());
    assertUse(0, 0);
    assertEquals(List.of(0L, 100L, 120L), waits);
  }

  @Test
  void aStoppedCallWaitsNoMore() throws Exception {
    // Given
    client.init(call());
    PartnerCall impatient = call();
    Future<InitSession> waiting = client.init(impatient);

    // When
    nanos.set(70);
    impatient.deadlinePassed();

    // Then
    assertEquals(Problem.DEADLINE_EXCEEDED, failureOf(waiting).failure().problem());
    assertUse(1, 0);
    assertEquals(List.of(0L, 70L), waits);
    asked.remove().complete(Fixtures.session());
    assertTrue(asked.isEmpty());
    assertUse(0, 0);
  }

  @Test
  void whoIsRefusedAtOnceHasNotWaited() throws Exception {
    // Given
    for (int i = 0; i < 3; i++) {
      client.init(call());
    }

    // When
    Future<InitSession> refused = client.init(call());

    // Then
    assertEquals(Problem.OVERLOADED, failureOf(refused).failure().problem());
    assertUse(1, 2);
    assertEquals(List.of(0L), waits);
  }

  @Test
  void aBugBehindItKeepsNoPlace() {
    LimitedClient broken =
        client(
            call -> {
              throw new IllegalStateException("bug");
            });
    assertThrows(IllegalStateException.class, () -> broken.init(call()));
    assertUse(0, 0);
  }
}
