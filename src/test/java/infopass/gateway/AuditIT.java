package infopass.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The privacy record of inits. */
class AuditIT {

  @Test
  void everyCheckedInitHasItsLine(@TempDir Path folder) throws IOException {
    // Given
    Path file = folder.resolve("audit.log");
    String yaml = "audit: {enabled: true, key: " + "k".repeat(32) + ", file: '" + file + "'}\n";

    // When
    try (RunningGateway gateway = RunningGateway.start(yaml)) {
      gateway.send(
          gateway
              .init(RunningGateway.SEED)
              .header("X-Purpose", "kyc")
              .header("Idempotency-Key", "one")
              .header("X-Correlation-Id", "granted-1"));
      gateway.send(
          gateway
              .init(RunningGateway.SEED)
              .header("X-Purpose", "no\tcode")
              .header("Idempotency-Key", "one")
              .header("X-Correlation-Id", "replayed-1"));
      gateway.initFor("Reject 0x0422");
      gateway.send(gateway.init("{}"));
    }

    // Then
    List<JsonObject> lines = Files.readAllLines(file).stream().map(JsonObject::new).toList();
    assertEquals(
        List.of("granted", "replayed", "upstream-rejected"),
        lines.stream().map(line -> line.getString("outcome")).toList());
    assertEquals("granted-1", lines.get(0).getString("correlationId"));
    assertEquals("kyc", lines.get(0).getString("purpose"));
    assertFalse(lines.get(1).containsKey("purpose"));
    assertEquals("user", lines.get(0).getString("caller"));
    assertEquals(lines.get(0).getString("subject"), lines.get(2).getString("subject"));
    assertFalse(lines.toString().matches("(?s).*(gmail|infopass\\.in|Kumar|965).*"));
  }
}
