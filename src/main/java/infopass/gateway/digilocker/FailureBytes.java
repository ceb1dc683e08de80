package infopass.gateway.digilocker;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An {@link InitFailure} as bytes, for where it leaves the process. Everything is written out. */
public final class FailureBytes {
  private static final long NONE = -1;
  private static final int MAX_ERRORS = 1_000;

  private FailureBytes() {}

  public static void write(InitFailure failure, DataOutput out) throws IOException {
    out.writeUTF(failure.problem().slug());
    out.writeUTF(failure.detail());
    out.writeUTF(failure.outcome() == null ? "" : failure.outcome().word());
    out.writeLong(failure.retryAfter() == null ? NONE : failure.retryAfter().toMillis());
    Upstream upstream = failure.upstream();
    out.writeBoolean(upstream != null);
    if (upstream != null) {
      out.writeInt(upstream.status());
      optional(upstream.code(), out);
      optional(upstream.message(), out);
    }
    out.writeInt(failure.errors().size());
    for (FieldFault error : failure.errors()) {
      out.writeUTF(error.pointer());
      out.writeUTF(error.detail());
    }
  }

  /**
   * @throws IOException where it is none
   */
  public static InitFailure read(DataInput in) throws IOException {
    String slug = in.readUTF();
    Problem problem =
        Problem.bySlug(slug).orElseThrow(() -> new IOException("unknown problem: " + slug));
    String detail = in.readUTF();
    Outcome outcome = outcome(in.readUTF());
    long retryAfter = in.readLong();
    Upstream upstream =
        in.readBoolean() ? new Upstream(in.readInt(), optional(in), optional(in)) : null;
    int count = in.readInt();
    if (count < 0 || count > MAX_ERRORS) {
      throw new IOException("too many errors: " + count);
    }
    List<FieldFault> errors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      errors.add(new FieldFault(in.readUTF(), in.readUTF()));
    }
    Duration after = retryAfter == NONE ? null : Duration.ofMillis(retryAfter);
    return new InitFailure(problem, detail, outcome, after, upstream, errors);
  }

  private static Outcome outcome(String word) throws IOException {
    if (word.isEmpty()) {
      return null;
    }
    for (Outcome outcome : Outcome.values()) {
      if (outcome.word().equals(word)) {
        return outcome;
      }
    }
    throw new IOException("unknown outcome: " + word);
  }

  private static void optional(String text, DataOutput out) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      out.writeUTF(text);
    }
  }

  private static String optional(DataInput in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }
}
