package infopass.gateway.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.cluster.Sessions.Session;
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
  void whatAnotherVersionWroteIsLeftAlone() {
    batch.add(new Session("a", "b", "c", 1));
    byte[] other = batch.bytes();
    other[0]++;
    assertEquals(List.of(), SessionBatch.read(other));
    assertEquals(List.of(), SessionBatch.read(new byte[0]));
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
