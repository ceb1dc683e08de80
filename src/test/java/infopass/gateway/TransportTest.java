package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.epoll.Epoll;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A listening socket that cannot be told to drop what would connect loses requests at a stop. */
@EnabledOnOs(OS.LINUX)
class TransportTest {
  private final Vertx vertx = Main.vertx();

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void theProcessUsesEpoll() {
    assertTrue(Epoll.isAvailable());
    assertTrue(vertx.isNativeTransportEnabled());
  }
}
