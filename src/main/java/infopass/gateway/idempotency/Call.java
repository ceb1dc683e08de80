package infopass.gateway.idempotency;

import infopass.gateway.digilocker.CallerPresence;
import infopass.gateway.digilocker.Deadline;
import infopass.gateway.digilocker.InitOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A call being made, and those who wait for it. Thread-safe. */
final class Call {
  private final byte[] fingerprint;
  private final BiConsumer<Call, InitOutcome> settle;
  private final CallerPresence presence = new CallerPresence();
  private final List<Consumer<InitOutcome>> joined = new ArrayList<>();
  private int participants = 1;
  private Deadline deadline;
  private InitOutcome outcome;
  private volatile byte[] claim;
  private volatile Settled suspect;
  private volatile CompletionStage<?> told = CompletableFuture.completedFuture(null);

  /**
   * @param settle puts the outcome where later repetitions find it
   */
  Call(byte[] fingerprint, BiConsumer<Call, InitOutcome> settle) {
    this.fingerprint = fingerprint;
    this.settle = settle;
  }

  byte[] fingerprint() {
    return fingerprint;
  }

  /** What stands for this call in the shared memory; null where nothing does. */
  byte[] claim() {
    return claim;
  }

  void claimed(byte[] value) {
    claim = value;
  }

  /** Completes when other processes have been told how it ended. */
  CompletionStage<?> told() {
    return told;
  }

  void telling(CompletionStage<?> others) {
    told = others;
  }

  /** What is remembered of a call before this one whose fate is not known; null for none. */
  Settled suspect() {
    return suspect;
  }

  void suspects(Settled unknown) {
    suspect = unknown;
  }

  /**
   * Lives at least as long as this participant waits.
   *
   * @return the deadline of the call, that of its most patient participant
   */
  synchronized Deadline lives(Deadline patience) {
    if (deadline == null) {
      deadline = new Deadline(patience.atNanos());
    } else {
      deadline.extendTo(patience);
    }
    return deadline;
  }

  CallerPresence presence() {
    return presence;
  }

  void join(Consumer<InitOutcome> answered) {
    synchronized (this) {
      participants++;
      if (outcome == null) {
        joined.add(answered);
        return;
      }
    }
    answered.accept(outcome);
  }

  /** The call goes on for as long as one of its participants waits. */
  void leave() {
    boolean last;
    synchronized (this) {
      last = --participants == 0;
    }
    if (last) {
      presence.leave();
    }
  }

  void finish(InitOutcome how) {
    // First where others look next, so that there is no moment in which it is known to nobody.
    settle.accept(this, how);
    List<Consumer<InitOutcome>> told;
    synchronized (this) {
      outcome = how;
      told = List.copyOf(joined);
      joined.clear();
    }
    told.forEach(answered -> answered.accept(how));
  }

  @Override
  public String toString() {
    return "Call";
  }
}
