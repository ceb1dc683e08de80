package infopass.gateway.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import infopass.gateway.bus.SessionEvent.Kind;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionBusTest {
  private final Vertx vertx = Vertx.vertx();
  private final Set<String> quiet = ConcurrentHashMap.newKeySet();
  private final SessionBus bus = new SessionBus(vertx, quiet::contains);

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static SessionEvent event(String clientId) {
    return new SessionEvent(
        Kind.INITIATED, clientId, "c-1", "caller", "active", Instant.ofEpochSecond(1_000), 600);
  }

  @Test
  void whatIsKnownToBeUnheardIsCountedAndNotPublished() throws Exception {
    // Given
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    bus.on(Kind.INITIATED, event -> heard.add(event.clientId()))
        .completion()
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);

    // When
    bus.publish(event("first"));
    quiet.add(Kind.INITIATED.address());
    bus.publish(event("second"));
    quiet.clear();
    bus.publish(event("third"));

    // Then
    assertEquals("first", heard.poll(10, TimeUnit.SECONDS));
    assertEquals("third", heard.poll(10, TimeUnit.SECONDS));
    assertEquals(3, bus.published(Kind.INITIATED));
  }
}
