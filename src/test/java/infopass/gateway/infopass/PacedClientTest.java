package infopass.gateway.infopass;

import static infopass.gateway.infopass.Fixtures.await;
import static infopass.gateway.infopass.Fixtures.call;
import static infopass.gateway.infopass.Fixtures.failureOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Upstream;
import infopass.gateway.resilience.Pacer;
import infopass.gateway.resilience.RefusalEvidence;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers are told whom the partner refused for the quota's sake. */
class PacedClientTest {
  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong();
  private final Deque<Promise<InitSession>> asked = new ArrayDeque<>();
  private final Pacer pacer =
      new Pacer(0, Duration.ofMinutes(1), 10, nanos::get, new Random(1), (delay, action) -> {});
  private final PacedClient client =
      new PacedClient(
          this::ask,
          pacer,
          new RefusalEvidence(nanos::get),
          () -> null,
          () -> false,
          vertx,
          nanos::get);

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  @Test
  void whoBeginsOrProlongsAHoldIsToldHowLongItLasts() throws Exception {
    assertEquals(null, toldAfter(null));
    assertEquals(Duration.ofSeconds(3), toldAfter(Duration.ofSeconds(3)));

    assertEquals(Duration.ofSeconds(1), toldAfter(null));
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertEquals(Duration.ofSeconds(2), toldAfter(null));
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertEquals(Duration.ofSeconds(30), toldAfter(Duration.ofSeconds(30)));
  }

  @Test
  void whoWasRefusedEarlierThanAnotherIsToldTheHoldOfThatOne() throws Exception {
    // Given
    Future<InitSession> late = client.init(call());
    Promise<InitSession> lateAnswer = asked.remove();
    toldAfter(null);
    toldAfter(null);
    toldAfter(Duration.ofSeconds(30));

    // When
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    lateAnswer.fail(tooMany(Duration.ofSeconds(5)));

    // Then
    assertEquals(Duration.ofSeconds(29), failureOf(late).failure().retryAfter());
  }

  private Duration toldAfter(Duration adviceOrNull) throws Exception {
    Future<InitSession> answer = client.init(call());
    asked.remove().fail(tooMany(adviceOrNull));
    return failureOf(answer).failure().retryAfter();
  }

  private static PartnerFailure tooMany(Duration adviceOrNull) {
    PartnerFailure busy = Fixtures.busy(adviceOrNull);
    return new PartnerFailure(
        busy.failure().withUpstream(new Upstream(429, null, null)), busy.replay(), busy.health());
  }

  private Future<InitSession> ask(PartnerCall call) {
    Promise<InitSession> answer = Promise.promise();
    call.requestWritten();
    asked.add(answer);
    return answer.future();
  }
}
