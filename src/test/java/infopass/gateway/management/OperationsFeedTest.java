package infopass.gateway.management;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OperationsFeedTest {
  @Test
  void whileNobodyWatchesItOnlyNoticesChanges() {
    // Given
    AtomicInteger built = new AtomicInteger();
    AtomicInteger looked = new AtomicInteger();
    OperationsFeed feed =
        new OperationsFeed(
            () -> new JsonObject().put("number", built.incrementAndGet()), looked::incrementAndGet);

    // When
    feed.tick();
    feed.tick();

    // Then
    assertEquals(2, looked.get());
    assertEquals(0, built.get(), "built for nobody, on a loop that serves requests");
  }
}
