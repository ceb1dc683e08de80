package infopass.gateway.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.FieldFault;
import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Outcome;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.Problem;
import infopass.gateway.digilocker.TokenExpiry;
import infopass.gateway.digilocker.TraceParent;
import infopass.gateway.digilocker.Upstream;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WireCodecTest {
  private static final Conversation.Version NOW = Conversation.current().versions().get(0);
  private static final TraceParent TRACE =
      new TraceParent("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "01");

  private static <M> M overTheWire(WireCodec<M> codec, M message) {
    Buffer wire = Buffer.buffer("before");
    codec.encodeToWire(wire, message);
    return codec.decodeFromWire("before".length(), wire.appendString("behind"));
  }

  private static InitCommand command(Deadline deadline) {
    return new InitCommand(
        "correlation",
        "caller",
        "Basic c2VjcmV0",
        true,
        TRACE,
        Payload.owning(new byte[] {1, 2, 3}),
        deadline,
        new CallerPresence());
  }

  @Test
  void aCommandArrivesWithWhatIsLeftOfItsDeadlineByTheClockThere() {
    // Given
    InitCommand here = command(new Deadline(1_000_000_000L));

    // When
    Handover sent = Handover.of("node", 7, here, () -> 400_000_000L);
    InitCommand there =
        overTheWire(NOW.handover(), sent)
            .command(Duration.ofSeconds(20), new CallerPresence(), () -> -5_000_000_000L);

    // Then
    assertEquals(600_000_000L, there.deadline().remainingNanos(() -> -5_000_000_000L));
    assertEquals("correlation", there.correlationId());
    assertEquals("Basic c2VjcmV0", there.authorization());
    assertTrue(there.ownAccount());
    assertEquals(TRACE, there.trace());
    assertArrayEquals(new byte[] {1, 2, 3}, there.body().bytes());
  }

  @Test
  void aLinkIsNeverGivenMoreTimeThanItHas() {
    // Given: the clock there is an hour ahead.
    Instant sent = Instant.parse("2026-01-01T00:00:00.900Z");
    Instant arrived = Instant.parse("2026-01-01T01:00:01.000Z");
    TokenExpiry issued = TokenExpiry.from(arrived.plusMillis(100), Duration.ofMinutes(10));
    InitOutcome there =
        new InitOutcome.Granted(
            new InitSession(
                "id", Payload.owning(new byte[] {'{', '}'}), 1, issued, Duration.ofMillis(30)));

    // When
    InitOutcome here = overTheWire(NOW.handback(), Handback.of(there, arrived)).seenFrom(sent);

    // Then
    InitSession session = ((InitOutcome.Granted) here).session();
    assertEquals(Instant.parse("2026-01-01T00:10:00Z"), session.expiry().expiresAt());
    assertEquals(Duration.ofMillis(30), session.partnerTime());
  }

  @Test
  void aFailureArrivesWhole() {
    // Given
    InitFailure failure =
        InitFailure.of(Problem.UPSTREAM_BUSY, "words")
            .withOutcome(Outcome.REJECTED)
            .withRetryAfter(Duration.ofSeconds(7))
            .withUpstream(new Upstream(429, null, "slow down"))
            .withErrors(List.of(new FieldFault("#/mobile", "is required")));

    // When
    Handback back =
        overTheWire(NOW.handback(), Handback.of(new InitOutcome.Denied(failure), Instant.EPOCH));

    // Then
    assertEquals(failure, ((InitOutcome.Denied) back.outcome()).failure());
  }

  @Test
  void brokenBytesAreRefusedByName() {
    Buffer wire = Buffer.buffer().appendInt(3).appendBytes(new byte[] {0, 90, 1});
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> NOW.handover().decodeFromWire(0, wire));
    assertTrue(refused.getMessage().contains("infopass.init.v1"));
  }

  @Test
  void nodesUseTheNewestVersionThatBothSpeakAndNoneWhereThereIsNone() {
    // Given
    Conversation.Version second =
        new Conversation.Version(2, WireCodec.handover("i.v2"), WireCodec.handback("o.v2"));
    Conversation both = new Conversation(List.of(second, NOW));

    // Then
    assertEquals(2, both.with(node(1, 2, 3)).number());
    assertEquals(1, both.with(node(1)).number());
    assertNull(both.with(node(3)));
  }

  private static Node node(Integer... versions) {
    return new Node("n", Set.of(), true, List.of(versions), Node.Pace.NONE);
  }

  @Test
  void whatANodeTellsOfItselfArrives() {
    Node node =
        new Node(
            "n",
            Set.of(ClusterConfig.Role.INFOPASS),
            true,
            List.of(1, 2),
            new Node.Pace(3, 20, 60_000, 5_000, 7));
    assertEquals(node, Node.decoded("n", node.encoded()));
  }

  @Test
  void nothingOfARequestIsShown() {
    Handover handover = Handover.of("n", 1, command(new Deadline(1)), () -> 0);
    assertFalse(handover.toString().contains("c2VjcmV0"));
  }
}
