package infopass.gateway.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.cluster.Sessions.Session;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionBatchTest {
  private final SessionBatch batch = new SessionBatch();

  @Test
  void isReadAsItWasWritten() {
    // Given
    List<Session> sessions = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      sessions.add(new Session("client-" + i, "c-" + "x".repeat(i % 40), "Büro 𝄞 " + i, i));
    }

    // When
    sessions.forEach(session -> assertTrue(batch.add(session)));

    // Then
    assertEquals(600, batch.size());
    assertEquals(599, batch.lastEndSeconds());
    assertEquals(sessions, SessionBatch.read(batch.bytes()));
  }

  @Test
  void ofACallersNameTheBeginningIsKept() {
    batch.add(new Session("a", "b", "n".repeat(200), 1));
    assertEquals("n".repeat(85), SessionBatch.read(batch.bytes()).get(0).caller());
  }

  @Test
  void whatIsTooLongIsLeftOut() {
    assertFalse(batch.add(new Session("a".repeat(70_000), "b", "c", 1)));
    assertTrue(batch.add(new Session("a", "b", "c", 2)));
    assertEquals(List.of(new Session("a", "b", "c", 2)), SessionBatch.read(batch.bytes()));
  }

  @Test
  void theBeginningEndsBetweenCharacters() {
    batch.add(new Session("a", "b", "n".repeat(84) + "𝄞", 1));
    assertEquals("n".repeat(84), SessionBatch.read(batch.bytes()).get(0).caller());
  }

  @Test
  void whatAnotherVersionWroteIsNotReadable() {
    batch.add(new Session("a", "b", "c", 1));
    byte[] bytes = batch.bytes();
    assertTrue(SessionBatch.readable(bytes));
    bytes[0]++;
    assertFalse(SessionBatch.readable(bytes));
    assertFalse(SessionBatch.readable(new byte[0]));
  }

  @Test
  void aBuildBeforeThisOneReadsIt() throws IOException {
    // Given
    batch.add(new Session("client", "correlation", "Büro", 7));

    // When: as it did
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(batch.bytes()));

    // Then
    assertEquals(1, in.readByte());
    assertEquals(1, in.readInt());
    assertEquals("client", in.readUTF());
    assertEquals("correlation", in.readUTF());
    assertEquals("Büro", in.readUTF());
    assertEquals(7, in.readLong());
  }

  @Test
  void ofOneThatWasCutTheWholeSessionsAreRead() {
    batch.add(new Session("a", "b", "c", 1));
    batch.add(new Session("d", "e", "f", 2));
    byte[] whole = batch.bytes();
    List<Session> read = SessionBatch.read(Arrays.copyOf(whole, whole.length - 3));
    assertEquals(List.of(new Session("a", "b", "c", 1)), read);
  }
}
