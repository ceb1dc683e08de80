package infopass.gateway.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAuditTrailTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final SubjectReference SUBJECTS = new SubjectReference("k".repeat(32));

  @TempDir private Path folder;

  @Test
  void aLineTellsWhoAskedAboutWhomWithoutSayingWho() throws IOException {
    // Given
    Path file = folder.resolve("audit.log");
    FileAuditTrail trail = new FileAuditTrail(SUBJECTS, file).start();

    // When
    trail.note(NOW, "app", "+91 98765 43210", "Asha@Mail.in", "kyc", "granted", "c-1");
    trail.note(NOW, "app", "9876543210", "asha@mail.in", null, "upstream-busy", "c-2");
    trail.close(Duration.ofSeconds(10));

    // Then
    List<String> lines = Files.readAllLines(file);
    assertEquals(2, lines.size());
    JsonObject first = new JsonObject(lines.get(0));
    JsonObject second = new JsonObject(lines.get(1));
    assertEquals(
        List.of("time", "caller", "subject", "purpose", "outcome", "correlationId"),
        List.copyOf(first.fieldNames()));
    assertEquals("2026-01-01T00:00:00Z", first.getString("time"));
    assertEquals("kyc", first.getString("purpose"));
    assertEquals("granted", first.getString("outcome"));
    assertEquals(first.getString("subject"), second.getString("subject"), "the same person");
    assertFalse(second.containsKey("purpose"));
    assertFalse(lines.toString().matches("(?is).*(98765|asha).*"), lines.toString());
  }

  @Test
  void personsAndKeysAreToldApart() {
    String one = SUBJECTS.of("9876543210", "a@b.in");
    assertNotEquals(one, SUBJECTS.of("9876543211", "a@b.in"));
    assertNotEquals(one, SUBJECTS.of("9876543210", "b@b.in"));
    assertNotEquals(one, new SubjectReference("x".repeat(32)).of("9876543210", "a@b.in"));
    assertTrue(one.matches("[A-Za-z0-9_-]{24}"), one);
  }

  @Test
  void aFileThatWasMovedAwayIsMadeAnew() throws IOException {
    // Given
    Path file = folder.resolve("audit.log");
    FileAuditTrail first = new FileAuditTrail(SUBJECTS, file).start();
    note(first, "c-1");
    first.close(Duration.ofSeconds(10));

    // When
    Files.move(file, folder.resolve("audit.log.1"));
    FileAuditTrail second = new FileAuditTrail(SUBJECTS, file).start();
    note(second, "c-2");
    second.close(Duration.ofSeconds(10));

    // Then
    assertEquals(1, Files.readAllLines(file).size());
    assertEquals(1, Files.readAllLines(folder.resolve("audit.log.1")).size());
  }

  @Test
  void aNewFileIsReadableByItsOwnerAlone() throws IOException {
    // Given
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path file = folder.resolve("audit.log");

    // When
    FileAuditTrail trail = new FileAuditTrail(SUBJECTS, file).start();
    note(trail, "c-1");
    trail.close(Duration.ofSeconds(10));

    // Then
    assertEquals("rw-------", permissionsOf(file));
  }

  @Test
  void aFileThatIsThereKeepsItsPermissions() throws IOException {
    // Given: a log collector's group may read it.
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path file = Files.createFile(folder.resolve("audit.log"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    // When
    FileAuditTrail trail = new FileAuditTrail(SUBJECTS, file).start();
    note(trail, "c-1");
    trail.close(Duration.ofSeconds(10));

    // Then
    assertEquals("rw-r-----", permissionsOf(file));
    assertEquals(1, Files.readAllLines(file).size());
  }

  private static String permissionsOf(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void itSaysInTimeThatItIsFull() {
    // Given: nobody writes.
    FileAuditTrail stuck = new FileAuditTrail(SUBJECTS, folder.resolve("audit.log"));

    // When
    int taken = 0;
    while (stuck.open() && taken < 100_000) {
      note(stuck, "c-" + taken++);
    }

    // Then
    assertEquals(49_152, taken);
    assertEquals(0, stuck.lost());
    for (int i = 0; i < 16_384; i++) {
      note(stuck, "late");
    }
    assertEquals(0, stuck.lost());
    note(stuck, "too much");
    assertEquals(1, stuck.lost());
  }

  private static void note(AuditTrail trail, String correlationId) {
    trail.note(NOW, "app", "9876543210", "a@b.in", null, "granted", correlationId);
  }
}
