package infopass.gateway;

import static infopass.gateway.RunningGateway.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.bus.Addresses;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No number of requests makes more than a line a minute of each kind. */
@Timeout(60)
class LogFloodIT {
  private static final int REQUESTS = 40;

  @Test
  void requestsDoNotFloodTheLog() {
    for (String scenario : List.of("SandboxToken", "Status 500", "Reject 0x0422", "Empty")) {
      try (LogWatch log = new LogWatch(LogFloodIT::bounded);
          RunningGateway gateway =
              RunningGateway.start(
                  """
                  infopass:
                    retry: {maxAttempts: 1}
                    circuitBreaker: {minimumCalls: 1000}
                  """)) {
        // When
        for (int i = 0; i < REQUESTS; i++) {
          gateway.initFor(scenario);
        }

        // Then
        assertTrue(log.kept().size() <= 1, () -> scenario + ": " + log.kept());
      }
    }
  }

  @Test
  void messagesWithoutAReplyAddressDoNotFloodTheLog() {
    try (LogWatch log = new LogWatch(LogFloodIT::bounded);
        RunningGateway gateway = RunningGateway.start()) {
      // When
      for (int i = 0; i < REQUESTS; i++) {
        gateway.vertx().eventBus().publish(Addresses.INIT, new JsonObject());
      }
      assertEquals(200, gateway.initFor("Test Kumar").statusCode());
      await(
          gateway.vertx().eventBus().request(Addresses.INIT, new JsonObject(RunningGateway.SEED)));

      // Then
      assertTrue(log.kept().size() <= 1, () -> "" + log.kept());
    }
  }

  private static boolean bounded(String line) {
    return line.contains("init failed")
        || line.contains("does not fit")
        || line.contains("without a reply address");
  }
}
