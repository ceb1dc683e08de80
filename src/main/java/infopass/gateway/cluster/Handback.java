package infopass.gateway.cluster;

import infopass.gateway.digilocker.FailureBytes;
import infopass.gateway.digilocker.InitFailure;
import infopass.gateway.digilocker.InitOutcome;
import infopass.gateway.digilocker.InitSession;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.TokenExpiry;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * The outcome of a {@link Handover} on its way back. Clocks are not compared: when the link was
 * issued travels as the time since the command came in. Holds a token.
 *
 * @param issuedAfter from the arrival of the command to the issue of the link; can be negative
 */
record Handback(InitOutcome outcome, Duration issuedAfter) {

  /**
   * @param arrived when the command came in here
   */
  static Handback of(InitOutcome outcome, Instant arrived) {
    return new Handback(
        outcome,
        outcome instanceof InitOutcome.Granted granted
            ? Duration.between(arrived, granted.session().expiry().issuedAt())
            : Duration.ZERO);
  }

  /**
   * The outcome by this node's clock. It came in there after it was sent here, so that a link is
   * never given more time than it has.
   *
   * @param sent when the command was sent from here
   */
  InitOutcome seenFrom(Instant sent) {
    if (!(outcome instanceof InitOutcome.Granted granted)) {
      return outcome;
    }
    InitSession there = granted.session();
    Duration lifetime = Duration.between(there.expiry().issuedAt(), there.expiry().expiresAt());
    return new InitOutcome.Granted(
        new InitSession(
            there.clientId(),
            there.document(),
            there.appendAt(),
            TokenExpiry.from(sent.plus(issuedAfter), lifetime),
            there.partnerTime()));
  }

  void write(DataOutput out) throws IOException {
    if (outcome instanceof InitOutcome.Granted granted) {
      InitSession session = granted.session();
      out.writeBoolean(true);
      out.writeLong(issuedAfter.toMillis());
      out.writeUTF(session.clientId());
      out.writeInt(session.document().length());
      out.write(session.document().bytes());
      out.writeInt(session.appendAt());
      out.writeLong(session.expiry().issuedAt().getEpochSecond());
      out.writeLong(session.expiry().expiresAt().getEpochSecond());
      out.writeLong(session.partnerTime().toNanos());
    } else if (outcome instanceof InitOutcome.Denied denied) {
      out.writeBoolean(false);
      FailureBytes.write(denied.failure(), out);
    }
  }

  static Handback read(DataInput in) throws IOException {
    if (!in.readBoolean()) {
      InitFailure failure = FailureBytes.read(in);
      return new Handback(new InitOutcome.Denied(failure), Duration.ZERO);
    }
    Duration issuedAfter = Duration.ofMillis(in.readLong());
    String clientId = in.readUTF();
    Payload document = Handover.body(in);
    int appendAt = in.readInt();
    TokenExpiry expiry =
        new TokenExpiry(Instant.ofEpochSecond(in.readLong()), Instant.ofEpochSecond(in.readLong()));
    Duration partnerTime = Duration.ofNanos(in.readLong());
    return new Handback(
        new InitOutcome.Granted(new InitSession(clientId, document, appendAt, expiry, partnerTime)),
        issuedAfter);
  }

  @Override
  public String toString() {
    return "Handback[" + outcome.getClass().getSimpleName() + "]";
  }
}
