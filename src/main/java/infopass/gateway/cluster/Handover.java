package infopass.gateway.cluster;

import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitCommand;
import infopass.gateway.digilocker.Payload;
import infopass.gateway.digilocker.TraceParent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * An init on its way to another node. Clocks are not compared: what is left of the deadline
 * travels. Holds a secret and personal data.
 *
 * @param node who asks
 * @param call which of its calls it is
 * @param budget what is left of the deadline
 */
record Handover(
    String node,
    long call,
    Duration budget,
    String correlationId,
    String caller,
    String authorization,
    boolean ownAccount,
    TraceParent trace,
    Payload body) {
  private static final int MAX_BODY = 2 * 1024 * 1024;

  static Handover of(String node, long call, InitCommand command, LongSupplier nanoTime) {
    return new Handover(
        node,
        call,
        Duration.ofNanos(Math.max(0, command.deadline().remainingNanos(nanoTime))),
        command.correlationId(),
        command.caller(),
        command.authorization(),
        command.ownAccount(),
        command.trace(),
        command.body());
  }

  /** The command here, with a deadline of this process' clock. */
  InitCommand command(Duration longest, CallerPresence presence, LongSupplier nanoTime) {
    Duration left = budget.compareTo(longest) < 0 ? budget : longest;
    return new InitCommand(
        correlationId,
        caller,
        authorization,
        ownAccount,
        trace,
        body,
        Deadline.after(left, nanoTime),
        presence);
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(node);
    out.writeLong(call);
    out.writeLong(budget.toMillis());
    out.writeUTF(correlationId);
    out.writeUTF(caller);
    out.writeUTF(authorization);
    out.writeBoolean(ownAccount);
    out.writeUTF(trace.traceId());
    out.writeUTF(trace.parentId());
    out.writeUTF(trace.flags());
    out.writeInt(body.length());
    out.write(body.bytes());
  }

  static Handover read(DataInput in) throws IOException {
    return new Handover(
        in.readUTF(),
        in.readLong(),
        Duration.ofMillis(in.readLong()),
        in.readUTF(),
        in.readUTF(),
        in.readUTF(),
        in.readBoolean(),
        new TraceParent(in.readUTF(), in.readUTF(), in.readUTF()),
        body(in));
  }

  static Payload body(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_BODY) {
      throw new IOException("too long: " + length);
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return Payload.owning(bytes);
  }

  @Override
  public String toString() {
    return "Handover[" + correlationId + "]";
  }
}
